-- The texts of views and of row policies, each name outside of pg_catalog with its schema: the search path is empty here
-- (12 and later). $1 views, $2 policies.
select 'view' as kind, v.oid::int8 as oid, pg_get_viewdef(v.oid::oid) as text
from unnest($1::int8[]) as v (oid)
union all
select 'policy', p.oid::int8, 'select ' || pg_get_expr(p.polqual, p.polrelid)
from pg_policy p
where p.oid = any ($2::int8[]::oid[]) and p.polqual is not null
