-- A table whose rows may be edited, its keys and its columns (12 and later): $1 its schema, $2 its name. No row where there
-- is no such relation. A key is a primary key or a unique index over plain columns that cannot be null, of all rows.
select
    c.relkind::text as kind,
    c.relpersistence = 't' as temporary,
    n.nspname in ('pg_catalog', 'information_schema') as of_the_server,
    coalesce((
        select jsonb_agg(k.columns order by k.indisprimary desc, jsonb_array_length(k.columns), k.indexrelid)
        from (
            select i.indexrelid, i.indisprimary, jsonb_agg(a.attname order by u.place) as columns
            from pg_index i
            cross join unnest(i.indkey::int2[]) with ordinality as u (number, place)
            left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.number
            where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null and u.place <= i.indnkeyatts
            group by i.indexrelid, i.indisprimary
            having bool_and(a.attnotnull and u.number > 0)
        ) as k
    ), '[]') as keys,
    coalesce((
        select jsonb_object_agg(a.attname, case
            when a.attgenerated <> '' then 'generated'
            -- Types of the server without an equality of their values, and those whose equality compares something else.
            when t.typtype = 'c' or t.typname in (
                'json', 'xml', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle', 'jsonpath', 'aclitem', 'citext'
            ) then 'text'
            else 'value'
        end)
        from pg_attribute a
        join pg_type b on b.oid = a.atttypid
        join pg_type t on t.oid = coalesce(nullif(b.typbasetype, 0), case when b.typcategory = 'A' then nullif(b.typelem, 0) end, b.oid)
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    ), '{}') as columns
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2
