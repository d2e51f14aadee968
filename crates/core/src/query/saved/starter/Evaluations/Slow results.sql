-- answers: Which results took longest, where their time was measured?
-- corrects: E40. How long an evaluation took is in its metrics, not in the server's statistics. A time of 0, and a
--   bare total_ms of 1000, mean that nothing was measured; they are left out.
-- parameters: count = 50
-- server: 12-
select id, evaluation_run_id, evaluation_configuration_id, latency_ms, baseline_ms, created_at
from (
    select
        t.*,
        coalesce(
            t.latency_metrics->>'result_ms', t.latency_metrics->>'total_time_ms',
            t.latency_metrics->>'result_latency_ms'
        ) as latency_ms,
        coalesce(t.latency_metrics->>'baseline_ms', t.latency_metrics->>'baseline_latency_ms') as baseline_ms
    from evaluation_results t
    where jsonb_typeof(t.latency_metrics) = 'object'
) measured
where latency_ms ~ '^[0-9]+(\.[0-9]+)?$' and latency_ms::numeric > 0
order by latency_ms::numeric desc, id
limit :count::int;
