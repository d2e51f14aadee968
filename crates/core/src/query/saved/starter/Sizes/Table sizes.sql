-- answers: How large is each table, apart by rows, TOAST and indexes?
-- corrects: E39. The guide joins names as text, which fails on a name that needs quotes, and calls everything but the
--   rows "index size": most of it is TOAST, where large JSON lies.
-- server: 12-
select
    n.nspname as schema,
    c.relname as table,
    c.reltuples::bigint as rows_estimated,
    pg_size_pretty(pg_total_relation_size(c.oid)) as total,
    pg_size_pretty(pg_relation_size(c.oid)) as rows,
    pg_size_pretty(coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0)) as toast,
    pg_size_pretty(pg_indexes_size(c.oid)) as indexes
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
order by pg_total_relation_size(c.oid) desc;
