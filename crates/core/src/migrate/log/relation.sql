-- A table as the session finds it by this name.
select n.nspname::text, c.relname::text
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where c.oid = to_regclass($1) and c.relkind in ('r', 'p', 'm');
