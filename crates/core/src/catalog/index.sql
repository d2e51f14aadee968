-- The indexes of one table ($1 = oid), primary key first. PostgreSQL 12 to 18.
select
    x.relname::text as name,
    am.amname::text as method,
    array(
        select coalesce(a.attname::text, pg_get_indexdef(i.indexrelid, key.place::int, true))
        from unnest(i.indkey::int2[]) with ordinality as key(attnum, place)
        left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = key.attnum and key.attnum <> 0
        where key.place <= i.indnkeyatts
        order by key.place
    ) as keys,
    array(
        select key.attnum = 0
        from unnest(i.indkey::int2[]) with ordinality as key(attnum, place)
        where key.place <= i.indnkeyatts
        order by key.place
    ) as expressions,
    pg_get_indexdef(i.indexrelid) as definition,
    pg_get_expr(i.indpred, i.indrelid) as predicate,
    i.indisunique as is_unique,
    i.indisprimary as is_primary,
    i.indisvalid as is_valid,
    pg_relation_size(i.indexrelid) as bytes,
    s.idx_scan as scans,
    to_char(d.stats_reset at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as scans_since
from pg_index i
join pg_class x on x.oid = i.indexrelid
join pg_am am on am.oid = x.relam
left join pg_stat_all_indexes s on s.indexrelid = i.indexrelid
left join pg_stat_database d on d.datname = current_database()
where i.indrelid = $1::bigint::oid
order by i.indisprimary desc, x.relname
