-- The columns of relations by their oids ($1), in their order (12 and later).
select a.attrelid::int8 as relation, a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type_name
from pg_attribute a
where a.attrelid = any($1::int8[]::oid[]) and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum
