-- answers: How often was each index scanned, and since when is that counted?
-- corrects: E12. The guide's columns tablename and indexname are not there. A count says little without the moment
--   that it began at: after a restore or a reset every index looks unused.
-- server: 12-
select
    s.schemaname as schema,
    s.relname as table,
    s.indexrelname as index,
    s.idx_scan as scans,
    s.idx_tup_read as entries_read,
    s.idx_tup_fetch as rows_fetched,
    pg_size_pretty(pg_relation_size(s.indexrelid)) as size,
    d.stats_reset as counted_since
from pg_stat_user_indexes s
left join pg_stat_database d on d.datname = current_database()
order by s.idx_scan desc, s.schemaname, s.indexrelname;
