-- Who keeps a session ($1 = pid) waiting; nobody while it does not wait. The oldest transaction comes first. A session
-- that is idle in a transaction shows the last statement that it ran.
select
  a.pid,
  a.usename::text as user_name,
  nullif(a.application_name, '') as application,
  coalesce(a.state, a.backend_type) as state,
  to_char(coalesce(a.xact_start, a.backend_start) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
  left(a.query, 400) as query
from (select distinct pid from unnest(pg_blocking_pids($1)) as b (pid)) as blocking
join pg_stat_activity as a on a.pid = blocking.pid
order by coalesce(a.xact_start, a.backend_start);
