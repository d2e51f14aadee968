-- answers: What was evaluated lately, and how did it end?
-- corrects: E7. The border is UTC, as the columns are. A run is called completed even where all of its results failed.
-- parameters: days = 7
-- server: 12-
select
    r.id,
    r.name,
    r.status,
    r.created_at,
    count(t.id) as results,
    count(t.id) filter (where t.status = 'completed') as completed,
    count(t.id) filter (where t.status = 'failed') as failed
from evaluation_runs r
left join evaluation_results t on t.evaluation_run_id = r.id
where r.created_at >= (now() at time zone 'utc') - make_interval(days => :days::int)
group by r.id
order by r.created_at desc, r.id desc;
