-- answers: What runs at this moment, and for how long?
-- corrects: E40. pg_stat_statements counts what has ended; what is slow right now is here, and needs no extension.
-- server: 12-
select
    pid,
    usename as role,
    application_name as application,
    now() - query_start as runs_for,
    wait_event_type,
    wait_event,
    left(query, 400) as statement
from pg_stat_activity
where state = 'active' and backend_type = 'client backend' and pid <> pg_backend_pid()
order by query_start;
