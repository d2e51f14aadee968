-- The columns of one table ($1 = oid) with their types by qualified name and place in the primary key.
select
    a.attname::text as name,
    format_type(a.atttypid, a.atttypmod) as type_name,
    tn.nspname::text as type_schema,
    t.typname::text as type_internal,
    a.attnotnull as not_null,
    array_position(pk.indkey::int2[], a.attnum) + 1 - array_lower(pk.indkey::int2[], 1) as key_place,
    not (t.typname in ('json', 'xml', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle', 'refcursor',
        'aclitem', 'xid', 'cid') and tn.nspname = 'pg_catalog') as ordered
from pg_attribute a
join pg_type t on t.oid = a.atttypid
join pg_namespace tn on tn.oid = t.typnamespace
left join pg_index pk on pk.indrelid = a.attrelid and pk.indisprimary
where a.attrelid = $1::bigint::oid and a.attnum > 0 and not a.attisdropped
order by a.attnum
