-- How much a relation holds with its partitions and children (12 and later): $1 its name as the statement spells it.
-- The rows are the planner's; null where one of them was never looked through.
with recursive
part (oid) as (
    select to_regclass($1)::oid
    union
    select i.inhrelid from part p join pg_inherits i on i.inhparent = p.oid
)
select
    case when bool_or(c.relkind in ('r', 'm') and c.reltuples < 0) then null
    else sum(greatest(c.reltuples, 0)) filter (where c.relkind in ('r', 'm')) end::int8 as rows,
    sum(pg_total_relation_size(c.oid))::int8 as bytes,
    bool_and(c.relkind in ('r', 'm', 'p')) as countable,
    max(n.nspname) filter (where c.oid = to_regclass($1)) as schema,
    max(c.relname) filter (where c.oid = to_regclass($1)) as name
from part p
join pg_class c on c.oid = p.oid
join pg_namespace n on n.oid = c.relnamespace
