-- answers: About how much of each table's rows is air?
-- corrects: E43. An estimate from the planner's statistics, good to some ten percent: TOAST is not in it, and a table
--   that was never analyzed has none. The extension pgstattuple counts exactly, and reads the whole table for it.
-- server: 12-
with width as (
    select schemaname, tablename, sum((1 - null_frac) * avg_width) as bytes, bool_or(null_frac > 0) as has_nulls
    from pg_stats
    where not inherited
    group by schemaname, tablename
), needed as (
    select
        c.oid,
        n.nspname,
        c.relname,
        c.relpages,
        current_setting('block_size')::int as block,
        -- 23 bytes of header, padded with the map of nulls to eight, and four for the row's pointer.
        ceil(c.reltuples * (8 * ceil((23 + case when w.has_nulls then 4 else 0 end + w.bytes) / 8) + 4)
            / (current_setting('block_size')::int - 24)) as pages
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join width w on w.schemaname = n.nspname and w.tablename = c.relname
    where c.relkind = 'r' and c.reltuples > 0
)
select
    nspname as schema,
    relname as table,
    pg_size_pretty(relpages::bigint * block) as size,
    pg_size_pretty((greatest(relpages - pages, 0) * block)::bigint) as air,
    round((100 * greatest(relpages - pages, 0) / nullif(relpages, 0))::numeric, 1) as air_percent
from needed
where nspname <> 'information_schema' and nspname !~ '^pg_'
order by greatest(relpages - pages, 0) * block desc;
