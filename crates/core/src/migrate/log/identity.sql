-- The number that initdb gave the cluster, and the database's within it.
select s.system_identifier || '-' || d.oid
from pg_control_system() as s, pg_database as d
where d.datname = current_database();
