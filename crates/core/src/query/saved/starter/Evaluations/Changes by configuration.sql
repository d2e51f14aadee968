-- answers: How did tokens and latency change on average, configuration by configuration?
-- corrects: E9. Absent is not zero: a comparison without a figure is counted apart and not averaged in.
-- server: 12-
select
    c.name as configuration,
    c.configuration_type,
    count(*) as results,
    count(d.tokens) as with_tokens,
    round(avg(d.tokens), 2) as mean_token_change_percent,
    count(d.latency) as with_latency,
    round(avg(d.latency), 2) as mean_latency_change_percent
from evaluation_results t
join evaluation_configurations c on c.id = t.evaluation_configuration_id
cross join lateral (
    select
        case when jsonb_typeof(t.baseline_comparison#>'{token_delta,percentage}') = 'number'
            then (t.baseline_comparison#>>'{token_delta,percentage}')::numeric end as tokens,
        case when jsonb_typeof(t.baseline_comparison#>'{latency_delta,percentage}') = 'number'
            then (t.baseline_comparison#>>'{latency_delta,percentage}')::numeric end as latency
) d
where t.status = 'completed'
group by c.name, c.configuration_type
order by results desc, 1, 2;
