-- Foreign keys from or to relations by their oids ($1), with their columns in the key's order (12 and later).
select
    k.conrelid::int8 as relation,
    k.confrelid::int8 as target,
    array(
        select a.attname::text
        from unnest(k.conkey) with ordinality as key (attnum, place)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = key.attnum
        order by key.place
    ) as columns,
    array(
        select a.attname::text
        from unnest(k.confkey) with ordinality as key (attnum, place)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = key.attnum
        order by key.place
    ) as target_columns
from pg_constraint k
where k.contype = 'f' and (k.conrelid = any($1::int8[]::oid[]) or k.confrelid = any($1::int8[]::oid[]))
order by k.conname
