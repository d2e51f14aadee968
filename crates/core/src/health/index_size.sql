-- Every index outside the server's own schemas, the largest first. PostgreSQL 12 to 18.
-- A partitioned index holds nothing itself: its partitions' indexes are listed.
select
    n.nspname::text as schema,
    t.relname::text as "table",
    x.relname::text as index,
    am.amname::text as method,
    (
        select string_agg(pg_get_indexdef(i.indexrelid, place, true), ', ' order by place)
        from generate_series(1, i.indnkeyatts) place
    ) as keys,
    pg_relation_size(x.oid) as bytes,
    s.idx_scan as scans,
    i.indisvalid as valid,
    i.indisunique as "unique",
    i.indisprimary as "primary",
    coalesce(t.oid in (
        to_regclass('evaluation_runs'), to_regclass('evaluation_spans'),
        to_regclass('evaluation_configurations'), to_regclass('evaluation_results')
    ), false) as is_evaluation_table,
    to_char(d.stats_reset at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as scans_since
from pg_index i
join pg_class x on x.oid = i.indexrelid
join pg_am am on am.oid = x.relam
join pg_class t on t.oid = i.indrelid
join pg_namespace n on n.oid = t.relnamespace
left join pg_stat_all_indexes s on s.indexrelid = x.oid
left join pg_stat_database d on d.datname = current_database()
where x.relkind = 'i' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
order by bytes desc, x.relname
