-- Who holds a 64-bit advisory lock of this database: its two halves are the ids, and objsubid 1 says so. The statement
-- of another role's session is shown to superusers and members of pg_read_all_stats alone.
select a.pid, a.usename::text as user_name, nullif(a.application_name, '') as application,
  to_char(a.backend_start at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
  a.state, left(a.query, 400) as query
from pg_locks as l
join pg_stat_activity as a on a.pid = l.pid
where l.locktype = 'advisory' and l.granted and l.objsubid = 1
  and l.database = (select oid from pg_database where datname = current_database())
  and l.classid = (($1::bigint >> 32) & 4294967295)::text::oid
  and l.objid = ($1::bigint & 4294967295)::text::oid
limit 1;
