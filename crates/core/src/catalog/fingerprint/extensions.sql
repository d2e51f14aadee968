-- The extensions of the database. PL/pgSQL comes with every one.
select e.extname::text as name, e.extversion::text as version, n.nspname::text as schema
from pg_extension as e
join pg_namespace as n on n.oid = e.extnamespace
where e.extname <> 'plpgsql'
order by e.extname
