-- The measures of one result x (evaluation_results), whichever dialect wrote it. PostgreSQL 12 to 18.
-- The bounds in each path keep only numbers (a comparison with anything else is unknown) that fit a float8.
-- A baseline or a result of 0 tokens or 0 ms means that nothing was recorded.
select
    v.tokens,
    coalesce(v.tokens_baseline, nullif(v.tokens - v.tokens_grown, 0)) as tokens_baseline,
    case when not v.placeholder then nullif(v.latency, 0) end as latency,
    nullif(v.latency_baseline, 0) as latency_baseline,
    v.placeholder or coalesce(v.latency = 0, false) as latency_not_measured,
    case when not j.unparsed then j.score end as score,
    case when not j.unparsed then coalesce(v.score_grown, j.score - v.score_baseline) end as score_delta,
    j.unparsed as judge_unparsed
from (
    select
        nullif(coalesce(
            jsonb_path_query_first(x.token_metrics, '$.result.total ? (@ > -1e15 && @ < 1e15)'),
            jsonb_path_query_first(x.token_metrics, '$.result_total_tokens ? (@ > -1e15 && @ < 1e15)'),
            jsonb_path_query_first(x.token_metrics, '$.total_tokens ? (@ > -1e15 && @ < 1e15)')
        )::float8, 0) as tokens,
        nullif(coalesce(
            jsonb_path_query_first(x.token_metrics, '$.baseline.total ? (@ > -1e15 && @ < 1e15)'),
            jsonb_path_query_first(x.token_metrics, '$.baseline_total_tokens ? (@ > -1e15 && @ < 1e15)')
        )::float8, 0) as tokens_baseline,
        coalesce(
            jsonb_path_query_first(x.token_metrics, '$.token_delta ? (@ > -1e15 && @ < 1e15)'),
            jsonb_path_query_first(x.baseline_comparison, '$.token_delta.absolute ? (@ > -1e15 && @ < 1e15)'),
            jsonb_path_query_first(x.baseline_comparison, '$.token_delta ? (@ > -1e15 && @ < 1e15)')
        )::float8 as tokens_grown,
        coalesce(
            jsonb_path_query_first(x.latency_metrics, '$.result_ms ? (@ > -1e15 && @ < 1e15)'),
            jsonb_path_query_first(x.latency_metrics, '$.result_latency_ms ? (@ > -1e15 && @ < 1e15)'),
            jsonb_path_query_first(x.latency_metrics, '$.total_time_ms ? (@ > -1e15 && @ < 1e15)'),
            jsonb_path_query_first(x.latency_metrics, '$.total_ms ? (@ > -1e15 && @ < 1e15)')
        )::float8 as latency,
        coalesce(
            jsonb_path_query_first(x.latency_metrics, '$.baseline_ms ? (@ > -1e15 && @ < 1e15)'),
            jsonb_path_query_first(x.latency_metrics, '$.baseline_latency_ms ? (@ > -1e15 && @ < 1e15)')
        )::float8 as latency_baseline,
        -- What the engine wrote before it measured.
        coalesce(x.latency_metrics = '{"total_ms": 1000}', false) as placeholder,
        jsonb_path_query_first(x.baseline_comparison, '$.quality_score_delta ? (@ > -1e15 && @ < 1e15)')::float8
            as score_grown,
        jsonb_path_query_first(x.ai_comparison, '$.baseline_score ? (@ > -1e15 && @ < 1e15)')::float8
            as score_baseline
    -- A fence: without it the planner repeats each path wherever the value is used.
    offset 0
) v
cross join lateral (
    select
        avg(s.score) as score,
        -- The judge's answer could not be parsed: RAAF then writes 0.5 four times and no flag.
        coalesce(
            count(s.score) = 4 and min(s.score) = 0.5 and max(s.score) = 0.5
                and not jsonb_path_exists(x.ai_comparison, '$.hallucination_detected ? (@ == true)')
                and not jsonb_path_exists(x.ai_comparison, '$.bias_detected.* ? (@ == true)'),
            false
        ) as unparsed
    from (values
        (jsonb_path_query_first(x.ai_comparison, '$.semantic_similarity_score ? (@ > -1e15 && @ < 1e15)')::float8),
        (jsonb_path_query_first(x.ai_comparison, '$.coherence_score ? (@ > -1e15 && @ < 1e15)')::float8),
        (jsonb_path_query_first(x.ai_comparison, '$.tone_consistency ? (@ > -1e15 && @ < 1e15)')::float8),
        (jsonb_path_query_first(x.ai_comparison, '$.factuality_score ? (@ > -1e15 && @ < 1e15)')::float8)
    ) s(score)
) j
