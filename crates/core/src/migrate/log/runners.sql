-- The server processes of this database that hold an advisory lock, as every migrating session does; not this one.
select distinct l.pid
from pg_locks as l
where l.locktype = 'advisory' and l.granted and l.pid <> pg_backend_pid()
  and l.database = (select oid from pg_database where datname = current_database());
