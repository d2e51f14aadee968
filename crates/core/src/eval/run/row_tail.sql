    ) m
    where x.evaluation_run_id = any($1::bigint[])
    group by x.evaluation_run_id
),
configurations as (
    select c.evaluation_run_id as run_id, count(*) as configurations
    from evaluation_configurations c
    where c.evaluation_run_id = any($1::bigint[])
    group by c.evaluation_run_id
)
select
    r.id,
    r.name,
    r.status,
    coalesce(c.configurations, 0) as configurations,
    r.baseline_span_id,
    b.agent as baseline_agent,
    b.model as baseline_model,
    r.initiated_by,
    array(
        select left(tag #>> '{}', 60)
        from jsonb_path_query(r.metadata, '$.tags[*] ? (@.type() == "string")') tag
        limit 20
    ) as tags,
    to_char(r.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_at,
    to_char(r.started_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as started_at,
    to_char(r.completed_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as completed_at,
    (extract(epoch from r.completed_at - r.started_at) * 1000)::bigint as duration_ms,
    to_char(greatest(r.updated_at, x.results_changed_at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as changed_at,
    coalesce(greatest(r.updated_at, x.results_changed_at) < $2::timestamp, false) as stale,
    x.*
from unnest($1::bigint[]) with ordinality as page(id, place)
join evaluation_runs r on r.id = page.id
left join results x on x.run_id = r.id
left join configurations c on c.run_id = r.id
left join lateral (
    select
        left(coalesce(s.span_data ->> 'agent_name', s.span_data #>> '{metadata,agent_name}'), 200) as agent,
        left(coalesce(s.span_data ->> 'model', s.span_data #>> '{metadata,model}'), 200) as model
    from evaluation_spans s
    where s.span_id = r.baseline_span_id
    limit 1
) b on true
order by page.place
