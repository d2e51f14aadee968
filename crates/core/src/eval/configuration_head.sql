-- The configurations of run $1 in their order, with what their results come to. PostgreSQL 12 to 18.
-- `changes` was renamed to `configuration_changes`: to_jsonb(row) finds either.
select
    c.id,
    c.name,
    c.configuration_type,
    c.execution_order,
    jsonb_pretty(coalesce(to_jsonb(c) -> 'configuration_changes', to_jsonb(c) -> 'changes')) as changes_text,
    coalesce(g.dots, array[]::float8[]) as scores,
    g.*
from evaluation_configurations c
left join lateral (
    select
        (array_agg(m.score order by x.id) filter (where m.score is not null and x.status = 'completed'))[1:50] as dots,
