-- The derived outcome of run r as a word; $1 is the moment before which a running run counts as stuck.
-- `failed` holds the runs with a failed result (outcome_page.sql, outcome_all.sql).
-- The same rule as Outcome::derive, which a test holds to it. PostgreSQL 12 to 18.
case r.status
    when 'completed' then case
        when failed.run_id is null then 'completed'
        when exists (
            select from evaluation_results f where f.evaluation_run_id = r.id and f.status = 'completed'
        ) then 'partly_failed'
        else 'all_failed'
    end
    when 'running' then case
        when greatest(
            r.updated_at, (select max(f.updated_at) from evaluation_results f where f.evaluation_run_id = r.id)
        ) < $1::timestamp then 'stuck'
        else 'running'
    end
    when 'pending' then 'pending'
    when 'failed' then 'failed'
    when 'cancelled' then 'cancelled'
    else 'unknown'
end
