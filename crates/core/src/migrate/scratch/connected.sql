-- Who is connected to a database ($1), oldest first. PostgreSQL 12 to 18.
select format('pid %s (%s)', pid, concat_ws(', ', usename, nullif(application_name, ''))) as who
from pg_stat_activity
where datname = $1 and pid <> pg_backend_pid()
order by backend_start
