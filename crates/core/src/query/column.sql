-- The types of result columns by name, and the table columns that they come from (12 and later).
-- $1 the types, $2 the tables (0 where there is none), $3 the columns in them; one element a column of the result.
select
    w.place::int4 as place,
    format_type(w.type_oid::oid, a.atttypmod) as type_name,
    coalesce(nullif(t.typbasetype, 0), t.oid)::int8 as base_oid,
    t.typcategory::text as category,
    n.nspname::text as table_schema,
    c.relname::text as table_name,
    a.attname::text as column_name
from unnest($1::int8[], $2::int8[], $3::int4[]) with ordinality as w (type_oid, table_oid, attribute, place)
left join pg_type t on t.oid = w.type_oid::oid
left join pg_attribute a on a.attrelid = w.table_oid::oid and a.attnum = w.attribute and not a.attisdropped
left join pg_class c on c.oid = a.attrelid
left join pg_namespace n on n.oid = c.relnamespace
order by w.place
