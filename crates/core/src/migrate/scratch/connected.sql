-- Who is connected to a database ($1), oldest first, and whether it is a session of ours ($2: our application's name).
-- Autovacuum is left out: the server sends it away itself. PostgreSQL 12 to 18.
select format('pid %s (%s)', pid, concat_ws(', ', usename, nullif(application_name, ''))) as who,
       coalesce(application_name = $2, false) as ours
from pg_stat_activity
where datname = $1 and pid <> pg_backend_pid() and backend_type is distinct from 'autovacuum worker'
order by backend_start
