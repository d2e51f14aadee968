-- Tablespaces besides the two that every cluster has.
select spcname
from pg_tablespace
where spcname not in ('pg_default', 'pg_global')
order by spcname
