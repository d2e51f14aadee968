-- Tables and views: of schema $1, or with oid $2, or (both null) all but the server's own. PostgreSQL 12 to 18.
-- A partitioned table is summed over its partitions.
select
    n.nspname::text as schema,
    c.relname::text as name,
    case
        when c.relispartition and c.relkind = 'r' then 'partition'
        when c.relkind = 'r' then 'table'
        when c.relkind = 'p' then 'partitioned table'
        when c.relkind = 'v' then 'view'
        when c.relkind = 'm' then 'materialized view'
        when c.relkind = 'f' then 'foreign table'
        else c.relkind::text
    end as kind,
    -- Before 14 a table that was never analyzed says 0 with 0 pages, from 14 it says -1.
    case when size.unknown then null else size.rows end as row_estimate,
    size.heap as heap_bytes,
    size.toast as toast_bytes,
    size.indexes as index_bytes,
    size.heap + size.toast + size.indexes as total_bytes,
    coalesce(c.oid in (
        to_regclass('evaluation_runs'), to_regclass('evaluation_spans'),
        to_regclass('evaluation_configurations'), to_regclass('evaluation_results')
    ), false) as is_evaluation_table,
    obj_description(c.oid, 'pg_class') as comment,
    to_char(s.last_vacuum at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_vacuum,
    to_char(s.last_autovacuum at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_autovacuum,
    to_char(s.last_analyze at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_analyze,
    to_char(s.last_autoanalyze at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_autoanalyze,
    s.n_live_tup as live_rows,
    s.n_dead_tup as dead_rows,
    s.n_mod_since_analyze as modified_since_analyze,
    (select count(*)::int from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
        as column_count,
    (select count(*)::int from pg_index i where i.indrelid = c.oid) as index_count
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_stat_all_tables s on s.relid = c.oid
cross join lateral (
    select
        coalesce(sum(greatest(m.reltuples, 0)), 0)::bigint as rows,
        coalesce(bool_or(m.reltuples < 0 or (m.reltuples = 0 and m.relpages = 0 and pg_relation_size(m.oid) > 0)), true)
            or c.relkind in ('v', 'f') as unknown,
        coalesce(sum(pg_table_size(m.oid) - coalesce(pg_total_relation_size(nullif(m.reltoastrelid, 0)), 0)), 0)::bigint
            as heap,
        coalesce(sum(pg_total_relation_size(nullif(m.reltoastrelid, 0))), 0)::bigint as toast,
        coalesce(sum(pg_indexes_size(m.oid)), 0)::bigint as indexes
    from (
        select c.oid where c.relkind <> 'p'
        union all
        select t.relid from pg_partition_tree(case when c.relkind = 'p' then c.oid end) t where t.isleaf
    ) leaf
    join pg_class m on m.oid = leaf.oid
) size
where c.relkind in ('r', 'p', 'v', 'm', 'f')
    and case
        when $2::bigint is not null then c.oid = $2::bigint::oid
        when $1::text is not null then n.nspname = $1
        else n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
    end
order by n.nspname, c.relname
