-- Results as lists show them, without their large JSON. Appended: the measures and the filter. 12 to 18.
-- The output is the last assistant message of the result span, found on the server; the span stays there.
select
    x.id,
    x.evaluation_run_id as run_id,
    x.evaluation_configuration_id as configuration_id,
    (
        select count(*)
        from evaluation_results e
        where e.evaluation_run_id = x.evaluation_run_id
            and e.evaluation_configuration_id = x.evaluation_configuration_id and e.id <= x.id
    ) as repetition,
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
    x.status in ('running', 'pending') and exists (
        select from evaluation_results e
        where e.evaluation_run_id = x.evaluation_run_id
            and e.evaluation_configuration_id = x.evaluation_configuration_id
            and e.id > x.id and e.status in ('completed', 'failed')
    ) as left_running,
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
from evaluation_results x
left join evaluation_configurations c on c.id = x.evaluation_configuration_id
left join lateral (
    select
        true as found,
        coalesce(
            said.message #>> '{content,0,text}',
            case when jsonb_typeof(said.message -> 'content') = 'string' then said.message ->> 'content' end,
            s.span_data #>> '{metadata,output}',
            case when jsonb_typeof(s.span_data -> 'output') = 'string' then s.span_data ->> 'output' end
        ) as output
    from evaluation_spans s
    cross join lateral (
        select coalesce(
            jsonb_path_query_array(s.span_data, '$.output_messages[*] ? (@.role == "assistant")') -> -1,
            jsonb_path_query_array(s.span_data, '$.metadata.messages[*] ? (@.role == "assistant")') -> -1
        ) as message
    ) said
    where s.span_id = x.result_span_id
    limit 1
) o on true
cross join lateral (
