-- answers: How large is each index, and what does it index?
-- corrects: E12. pg_stat_user_indexes has relname and indexrelname; tablename and indexname are columns of pg_indexes.
-- server: 12-
select
    s.schemaname as schema,
    s.relname as table,
    s.indexrelname as index,
    am.amname as method,
    pg_relation_size(s.indexrelid) as bytes,
    pg_size_pretty(pg_relation_size(s.indexrelid)) as size
from pg_stat_user_indexes s
join pg_class c on c.oid = s.indexrelid
join pg_am am on am.oid = c.relam
order by bytes desc, s.schemaname, s.indexrelname;
