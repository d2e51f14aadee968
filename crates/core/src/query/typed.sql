-- Types by their names, as far as the user may write them (12 and later).
-- $1 the types; one row each, in that order.
select n.nspname::text as schema, t.typname::text as name
from unnest($1::int8[]) with ordinality as w (type_oid, place)
join pg_catalog.pg_type t on t.oid = w.type_oid::oid
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
where has_schema_privilege(n.oid, 'usage')
order by w.place
