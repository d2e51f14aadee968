-- answers: Which sessions wait for a lock, and who holds it?
-- corrects: E45. Waiting sessions fill a pool as surely as busy ones.
-- server: 12-
select
    waiting.pid as waiting,
    waiting.usename as role,
    now() - waiting.query_start as for_how_long,
    left(waiting.query, 200) as waits_with,
    holding.pid as holding,
    holding.usename as held_by,
    holding.state,
    left(holding.query, 200) as holds_with
from pg_stat_activity waiting
cross join lateral unnest(pg_blocking_pids(waiting.pid)) as blocker(pid)
left join pg_stat_activity holding on holding.pid = blocker.pid
order by waiting.query_start;
