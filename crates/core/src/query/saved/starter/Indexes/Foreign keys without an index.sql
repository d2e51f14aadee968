-- answers: Which foreign keys make a delete in the other table scan all of this one?
-- corrects: E8. The guide's schema has no index for two of them.
-- server: 12-
select
    k.conrelid::regclass as table,
    k.conname as foreign_key,
    array(
        select a.attname
        from unnest(k.conkey) with ordinality as key(attnum, place)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = key.attnum
        order by key.place
    ) as columns,
    k.confrelid::regclass as refers_to,
    pg_size_pretty(pg_table_size(k.conrelid)) as size
from pg_constraint k
where k.contype = 'f'
    and not exists (
        select
        from pg_index i
        where i.indrelid = k.conrelid and i.indisvalid and i.indpred is null
            and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
    )
order by pg_table_size(k.conrelid) desc;
