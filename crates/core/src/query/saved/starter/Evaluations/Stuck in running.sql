-- answers: Which runs and results say running for longer than so many hours?
-- corrects: E14. The guide's archiving takes running runs along. Nothing marks a run whose process died: it stays.
-- parameters: hours = 24
-- server: 12-
select 'run' as what, id, id as evaluation_run_id, started_at, created_at
from evaluation_runs
where status = 'running' and coalesce(started_at, created_at) < (now() at time zone 'utc') - make_interval(hours => :hours::int)
union all
select 'result', id, evaluation_run_id, started_at, created_at
from evaluation_results
where status = 'running' and coalesce(started_at, created_at) < (now() at time zone 'utc') - make_interval(hours => :hours::int)
order by created_at, what, id;
