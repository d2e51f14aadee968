-- The relation locks that a session ($1 = pid) holds in this database, or awaits.
select l.relation::bigint as oid, l.mode, l.granted
from pg_locks as l
where l.pid = $1 and l.locktype = 'relation'
  and l.database = (select oid from pg_database where datname = current_database())
