-- Tables, views and foreign tables that this role may look into the schemas of (12 and later). At most $1.
select
    c.oid::int8 as oid,
    n.nspname::text as schema,
    c.relname::text as name,
    c.relkind::text as kind,
    c.relispartition as partition
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f')
    and n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
    and has_schema_privilege(n.oid, 'usage')
order by n.nspname, c.relname
limit $1
