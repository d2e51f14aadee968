-- The constraints of one table ($1 = oid). From 18 NOT NULL stands here too (contype n). PostgreSQL 12 to 18.
select
    k.conname::text as name,
    case k.contype::text
        when 'p' then 'primary key'
        when 'f' then 'foreign key'
        when 'u' then 'unique'
        when 'c' then 'check'
        when 'x' then 'exclusion'
        when 't' then 'trigger'
        when 'n' then 'not null'
        else k.contype::text
    end as kind,
    array(
        select a.attname::text
        from unnest(k.conkey) with ordinality as key(attnum, place)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = key.attnum
        order by key.place
    ) as columns,
    pg_get_constraintdef(k.oid) as definition,
    k.convalidated as validated,
    tn.nspname::text as target_schema,
    t.relname::text as target_table,
    array(
        select a.attname::text
        from unnest(k.confkey) with ordinality as key(attnum, place)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = key.attnum
        order by key.place
    ) as target_columns,
    case k.confdeltype::text
        when 'a' then 'no action'
        when 'r' then 'restrict'
        when 'c' then 'cascade'
        when 'n' then 'set null'
        when 'd' then 'set default'
        else k.confdeltype::text
    end as on_delete,
    exists (
        select from pg_index i
        where i.indrelid = k.conrelid and i.indisvalid and i.indpred is null
            -- indkey counts from 0: its first n columns are the key's, in any order.
            and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
    ) as has_index
from pg_constraint k
left join pg_class t on t.oid = k.confrelid
left join pg_namespace tn on tn.oid = t.relnamespace
where k.conrelid = $1::bigint::oid
order by position(k.contype::text in 'pfucxn'), k.conname
