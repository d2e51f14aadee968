
-- The runs with a failed result, for all runs: failed results are few, so they are read once.
left join (
    select distinct x.evaluation_run_id as run_id
    from evaluation_results x
    where x.status = 'failed'
) failed on failed.run_id = r.id
