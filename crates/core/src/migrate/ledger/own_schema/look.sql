-- The schema evaldesk as this role sees it. By the catalog alone: asking for a name in a closed schema is an error.
select
  n.oid is not null as present,
  coalesce(has_schema_privilege(n.oid, 'usage'), false) as enters,
  version_table.oid is not null as ours,
  coalesce(
    has_table_privilege(version_table.oid, 'select') and has_table_privilege(ledger.oid, 'select')
      and has_table_privilege(log.oid, 'select'), false) as reads,
  coalesce(
    has_table_privilege(ledger.oid, 'insert') and has_table_privilege(ledger.oid, 'update')
      and has_table_privilege(ledger.oid, 'delete') and has_table_privilege(log.oid, 'insert')
      and has_table_privilege(log.oid, 'update'), false) as writes,
  has_database_privilege(current_database(), 'create') as may_create,
  pg_get_userbyid(n.nspowner)::text as owner,
  current_database()::text as database,
  current_user::text as role
from (values ('evaldesk'::name)) as wanted (name)
left join pg_namespace as n on n.nspname = wanted.name
left join pg_class as version_table on version_table.relnamespace = n.oid and version_table.relname = 'schema_version'
left join pg_class as ledger on ledger.relnamespace = n.oid and ledger.relname = 'migration_ledger'
left join pg_class as log on log.relnamespace = n.oid and log.relname = 'migration_log';
