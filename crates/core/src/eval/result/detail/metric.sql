-- The metric columns of result $1 as they are stored, in the order of the guide. PostgreSQL 12 to 18.
select
    metric."column",
    jsonb_pretty(metric.value) as json,
    jsonb_typeof(metric.value) as json_type,
    metric.value is null or metric.value in ('{}', '[]', 'null') as empty
from evaluation_results x
cross join lateral (values
    (1, 'token_metrics', x.token_metrics),
    (2, 'latency_metrics', x.latency_metrics),
    (3, 'accuracy_metrics', x.accuracy_metrics),
    (4, 'structural_metrics', x.structural_metrics),
    (5, 'ai_comparison', x.ai_comparison),
    (6, 'statistical_analysis', x.statistical_analysis),
    (7, 'custom_metrics', x.custom_metrics),
    (8, 'baseline_comparison', x.baseline_comparison)
) as metric(place, "column", value)
where x.id = $1
order by metric.place
