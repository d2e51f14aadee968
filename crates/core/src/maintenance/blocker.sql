-- Who keeps a session ($1 = pid) waiting for a lock; nobody while it does not wait for one.
select
  a.pid,
  a.usename::text as user_name,
  nullif(a.application_name, '') as application,
  a.state,
  to_char(coalesce(a.xact_start, a.backend_start) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
  left(a.query, 200) as query
from unnest(pg_blocking_pids($1)) as blocking (pid)
join pg_stat_activity as a on a.pid = blocking.pid
order by coalesce(a.xact_start, a.backend_start)
