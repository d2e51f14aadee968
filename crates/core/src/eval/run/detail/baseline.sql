-- The baseline span of a run by span_id ($1). PostgreSQL 12 to 18.
select
    s.trace_id,
    s.span_type,
    s.source,
    coalesce(s.span_data::text, 'null') as data,
    to_char(s.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_at
from evaluation_spans s
where s.span_id = $1
order by s.id desc
limit 1
