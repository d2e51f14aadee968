    -- Over results x with their measures m. Means hold completed results only.
    count(x.id) as results,
    count(*) filter (where x.status = 'completed') as results_completed,
    count(*) filter (where x.status = 'failed') as results_failed,
    avg(m.score) filter (where x.status = 'completed') as score_mean,
    count(m.score) filter (where x.status = 'completed') as score_count,
    count(*) filter (where x.status = 'completed' and m.judge_unparsed) as score_set_aside,
    avg(m.score_delta) filter (where x.status = 'completed') as score_delta,
    avg(m.tokens) filter (where x.status = 'completed') as tokens_mean,
    count(m.tokens) filter (where x.status = 'completed') as tokens_count,
    (sum(m.tokens) filter (where x.status = 'completed' and m.tokens_baseline is not null)
        / nullif(sum(m.tokens_baseline) filter (where x.status = 'completed' and m.tokens is not null), 0) - 1) * 100
        as tokens_delta_percent,
    percentile_cont(0.5) within group (order by m.latency) filter (where x.status = 'completed') as latency_p50_ms,
    count(m.latency) filter (where x.status = 'completed') as latency_count,
    count(*) filter (where x.status = 'completed' and m.latency_not_measured) as latency_not_measured,
    percentile_cont(0.5) within group (order by m.latency - m.latency_baseline)
        filter (where x.status = 'completed') as latency_delta_ms,
    (percentile_cont(0.5) within group (order by m.latency)
            filter (where x.status = 'completed' and m.latency_baseline is not null)
        / nullif(percentile_cont(0.5) within group (order by m.latency_baseline)
            filter (where x.status = 'completed' and m.latency is not null), 0) - 1) * 100 as latency_delta_percent
