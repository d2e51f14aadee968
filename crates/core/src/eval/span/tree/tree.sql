-- The spans of trace $1 in order of creation, at most $2, without their large JSON. PostgreSQL 12 to 18.
select
    s.id,
    s.span_id,
    s.parent_span_id,
    s.span_type,
    left(coalesce(s.span_data ->> 'agent_name', s.span_data #>> '{metadata,agent_name}'), 200) as agent,
    left(coalesce(s.span_data ->> 'model', s.span_data #>> '{metadata,model}'), 200) as model,
    coalesce(
        jsonb_path_query_first(s.span_data, '$.metadata.tokens ? (@ > 0 && @ < 1e15)'),
        jsonb_path_query_first(s.span_data, '$.metadata.tokens.total ? (@ > 0 && @ < 1e15)'),
        jsonb_path_query_first(s.span_data, '$.metadata.usage.total_tokens ? (@ > 0 && @ < 1e15)'),
        jsonb_path_query_first(s.span_data, '$.usage.total_tokens ? (@ > 0 && @ < 1e15)')
    )::float8 as tokens,
    coalesce(
        jsonb_path_query_first(s.span_data, '$.metadata.latency_ms ? (@ > 0 && @ < 1e15)'),
        jsonb_path_query_first(s.span_data, '$.latency_ms ? (@ > 0 && @ < 1e15)')
    )::float8 as latency_ms,
    coalesce(
        s.span_data ->> 'status' = 'failed'
            or coalesce(nullif(s.span_data -> 'error_info', '{}'), 'null') <> 'null'::jsonb,
        false
    ) as failed,
    to_char(s.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_at
from evaluation_spans s
where s.trace_id = $1
order by s.created_at, s.id
limit $2
