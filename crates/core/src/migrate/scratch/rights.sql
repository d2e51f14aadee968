-- What this role may make on this server for a while. PostgreSQL 12 to 18; no privilege needed.
select
  r.rolcreatedb or r.rolsuper as creates_databases,
  has_database_privilege(current_database(), 'CREATE') as creates_schemas,
  pg_is_in_recovery() as standby
from pg_roles as r
where r.rolname = current_user
