-- The server processes of this database that hold one of these advisory locks, as every migrating session does; not this
-- one. The two halves of a key are two oids.
select distinct l.pid
from pg_locks as l
where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.pid <> pg_backend_pid()
  and l.database = (select oid from pg_database where datname = current_database())
  and ((l.classid::bigint << 32) | l.objid::bigint) = any($1);
