-- answers: Which finished runs are older than so many days, and what hangs on them?
-- corrects: E7, E14. The columns are timestamps without a zone in UTC, so the border is UTC too. Runs that are still
--   running stay, and deleting a run fails on its results, configurations and spans: children go first.
-- parameters: days = 90
-- server: 12-
select
    r.id,
    r.name,
    r.status,
    r.created_at,
    (select count(*) from evaluation_configurations c where c.evaluation_run_id = r.id) as configurations,
    (select count(*) from evaluation_results t where t.evaluation_run_id = r.id) as results,
    (select count(*) from evaluation_spans s where s.evaluation_run_id = r.id) as spans
from evaluation_runs r
where r.created_at < (now() at time zone 'utc') - make_interval(days => :days::int)
    and r.status in ('completed', 'failed', 'cancelled')
order by r.created_at, r.id;
