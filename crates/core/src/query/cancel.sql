-- Cancels or terminates the backend of one tab (12 and later; a role may stop its own sessions).
-- $1 its application name, $2 its process, $3 when that began, $4 the beginning of what it runs, $5 terminate.
-- The first of both ways that finds it counts. In a pool the process may be lent to somebody else: there its statement decides.
with mine as (
    select a.pid
    from pg_stat_activity a
    where a.application_name = $1 and a.pid <> pg_backend_pid()
), by_process as (
    select a.pid
    from pg_stat_activity a
    where a.pid = $2 and a.backend_start::text = $3 and left(a.query, 200) = left($4, 200)
      and not exists (select from mine)
)
select case when $5 then pg_terminate_backend(found.pid) else pg_cancel_backend(found.pid) end as stopped
from (select pid from mine union select pid from by_process) found
