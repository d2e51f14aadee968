-- answers: Which results did worse than their baseline, the newest first?
-- corrects: E9. Containment (@>) can use the GIN index of baseline_comparison; the same by ->> cannot.
-- parameters: count = 20
-- server: 12-
select
    t.id,
    t.created_at,
    r.name as run,
    c.name as configuration,
    t.baseline_comparison->>'quality_change' as quality_change,
    t.baseline_comparison->'token_delta' as token_delta,
    t.baseline_comparison->'latency_delta' as latency_delta
from evaluation_results t
join evaluation_runs r on r.id = t.evaluation_run_id
join evaluation_configurations c on c.id = t.evaluation_configuration_id
where t.baseline_comparison @> '{"regression_detected": true}'
order by t.created_at desc, t.id desc
limit :count::int;
