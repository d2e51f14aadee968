-- How much the tables of a schema hold (12 and later): $1 its name. The rows are the planner's.
select sum(greatest(c.reltuples, 0))::int8 as rows, sum(pg_total_relation_size(c.oid))::int8 as bytes
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relkind in ('r', 'm')
