-- Where the indexes of a table ($1) are, and who builds one on it right now. PostgreSQL 12 to 18; no privilege needed.
select c.oid::bigint as oid, n.nspname::text as schema,
  (select p.pid from pg_stat_progress_create_index as p where p.relid = c.oid limit 1) as builder
from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
where c.oid = to_regclass($1)
