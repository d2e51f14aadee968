-- answers: Which indexes did a failed CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY leave behind?
-- corrects: E11, E41. CREATE INDEX IF NOT EXISTS skips an index that is there and invalid, and REINDEX TABLE
--   CONCURRENTLY passes it over. A name that ends in _ccnew is dropped and built again, one in _ccold just dropped.
-- server: 12-
select
    n.nspname as schema,
    t.relname as table,
    c.relname as index,
    i.indisvalid as valid,
    i.indisready as ready,
    pg_size_pretty(pg_relation_size(c.oid)) as size,
    pg_get_indexdef(c.oid) as definition
from pg_index i
join pg_class c on c.oid = i.indexrelid
join pg_class t on t.oid = i.indrelid
join pg_namespace n on n.oid = c.relnamespace
-- The index of a partitioned table is invalid for as long as a partition has none: that is no failed build.
where not i.indisvalid and c.relkind = 'i'
order by n.nspname, c.relname;
