-- Who is connected to a database. 12 and later. Other people's states show only to those who may read all statistics. $1 name
select
    a.pid,
    coalesce(a.usename::text, '') as role,
    coalesce(a.application_name, '') as application,
    coalesce(host(a.client_addr), a.client_hostname, 'this machine') as client,
    a.state,
    to_char(a.backend_start at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since
from pg_stat_activity a
where a.datname = $1
order by a.backend_start
