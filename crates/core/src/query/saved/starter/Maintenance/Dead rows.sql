-- answers: Which tables hold many dead rows, and when were they last cleaned?
-- corrects: E42, E43. pg_stat_user_tables has relname, not tablename. Dead rows call for VACUUM, which blocks nobody;
--   VACUUM FULL locks everybody out and needs as much disk again.
-- server: 12-
select
    schemaname as schema,
    relname as table,
    n_dead_tup as dead_rows,
    n_live_tup as live_rows,
    round(100.0 * n_dead_tup / nullif(n_live_tup + n_dead_tup, 0), 1) as dead_percent,
    pg_size_pretty(pg_total_relation_size(relid)) as size,
    greatest(last_vacuum, last_autovacuum) as last_vacuum
from pg_stat_user_tables
order by n_dead_tup desc, schemaname, relname;
