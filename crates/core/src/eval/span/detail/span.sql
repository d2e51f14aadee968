-- One span by its span_id ($1). The guide makes it unique; where that index is missing, the newest. 12 to 18.
select
    s.id,
    s.span_id,
    s.trace_id,
    s.parent_span_id,
    s.span_type,
    s.source,
    s.evaluation_run_id,
    to_char(s.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_at,
    coalesce(s.span_data::text, 'null') as data,
    coalesce(jsonb_typeof(s.span_data), 'null') as json_type
from evaluation_spans s
where s.span_id = $1
order by s.id desc
limit 1
