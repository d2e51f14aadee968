-- Runs that say running and have not changed since $2 ($1 is now). PostgreSQL 12 to 18.
select
    count(*) as stuck,
    (array_agg(s.id order by s.changed_at))[1] as longest_id,
    extract(epoch from $1::timestamp - min(s.changed_at))::bigint as longest_seconds
from (
    select
        r.id,
        greatest(
            r.updated_at,
            (select max(x.updated_at) from evaluation_results x where x.evaluation_run_id = r.id)
        ) as changed_at
    from evaluation_runs r
    where r.status = 'running'
) s
where s.changed_at < $2::timestamp
