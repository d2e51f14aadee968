-- Results as lists show them, without their large JSON. Appended: the page of results x, joins.sql, the measures m,
-- numbered.sql as n. 12 to 18.
-- The output is the last assistant message that says something (a conversation may end in a tool call), found on the
-- server; the span stays there.
select
    x.id,
    x.evaluation_run_id as run_id,
    x.evaluation_configuration_id as configuration_id,
    n.repetition,
    x.status,
    x.result_span_id,
    m.score,
    m.score_delta,
    m.tokens,
    (m.tokens / m.tokens_baseline - 1) * 100 as tokens_delta_percent,
    m.latency as latency_ms,
    m.latency - m.latency_baseline as latency_delta_ms,
    left(split_part(ltrim(x.error_message, E' \n\r\t'), E'\n', 1), 300) as error_line,
    left(o.output, 200) as output_excerpt,
    x.ai_comparison_status,
    x.baseline_comparison ->> 'quality_change' as quality_change,
    to_char(x.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_at,
    to_char(x.completed_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as completed_at,
    m.latency_not_measured,
    m.judge_unparsed,
    coalesce(x.ai_comparison ->> 'status', x.ai_comparison_status) as judge_status,
    o.output is null and not coalesce(o.found, false) as span_missing,
    x.status in ('running', 'pending') and coalesce(n.last_ended > x.id, false) as left_running,
    coalesce(c.evaluation_run_id <> x.evaluation_run_id, false) as other_run,
    coalesce(x.baseline_comparison @> '{"regression_detected": true}', false) as regression_detected,
    -- NULL and JSON null are empty; anything else that is no object is malformed.
    exists (
        select from (values
            (x.token_metrics), (x.latency_metrics), (x.accuracy_metrics), (x.structural_metrics), (x.ai_comparison),
            (x.statistical_analysis), (x.custom_metrics), (x.baseline_comparison)
        ) as metric(value)
        where jsonb_typeof(metric.value) not in ('object', 'null')
    ) as malformed
from (
