
-- The runs with a failed result, for a page: one look into the index a run, until the page is full.
left join lateral (
    select x.evaluation_run_id as run_id
    from evaluation_results x
    where x.evaluation_run_id = r.id and x.status = 'failed'
    limit 1
) failed on true
