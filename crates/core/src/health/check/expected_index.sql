-- The usable whole-table indexes of the four evaluation tables as table, columns and method. PostgreSQL 12 to 18.
select
    t.relname::text,
    coalesce((
        select string_agg(a.attname::text, ',' order by key.place)
        from unnest(i.indkey::int2[]) with ordinality as key(attnum, place)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = key.attnum
        where key.place <= i.indnkeyatts
    ), ''),
    am.amname::text
from pg_index i
join pg_class x on x.oid = i.indexrelid
join pg_am am on am.oid = x.relam
join pg_class t on t.oid = i.indrelid
where i.indisvalid and i.indpred is null and i.indexprs is null
    and t.oid in (
        to_regclass('evaluation_runs'), to_regclass('evaluation_spans'),
        to_regclass('evaluation_configurations'), to_regclass('evaluation_results')
    )
