) m
join (
    -- The place of each result among those of its configuration, in one pass over the run.
    select
        e.id,
        row_number() over (partition by e.evaluation_configuration_id order by e.id) as repetition,
        max(e.id) filter (where e.status in ('completed', 'failed'))
            over (partition by e.evaluation_configuration_id) as last_ended
    from evaluation_results e
    where e.evaluation_run_id =
