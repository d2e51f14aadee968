-- answers: Which indexes take room and were not scanned since the statistics began?
-- corrects: E8, E12. Not every index without scans may go: keys and constraints need theirs, a replica counts its own
--   scans, and a young count proves nothing. Those that a key or a constraint needs are left out here.
-- server: 12-
select
    s.schemaname as schema,
    s.relname as table,
    s.indexrelname as index,
    pg_size_pretty(pg_relation_size(s.indexrelid)) as size,
    d.stats_reset as counted_since,
    pg_get_indexdef(s.indexrelid) as definition
from pg_stat_user_indexes s
join pg_index i on i.indexrelid = s.indexrelid
left join pg_stat_database d on d.datname = current_database()
where s.idx_scan = 0
    and not i.indisunique
    and not i.indisreplident
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
order by pg_relation_size(s.indexrelid) desc;
