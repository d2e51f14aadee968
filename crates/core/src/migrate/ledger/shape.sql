-- What stands in place of Rails' ledger on this session's search path (where Rails looks too), where it would be made,
-- and whether Rails keeps house here. Length 128 is dbmate's; atttypmod counts four more.
select n.nspname::text as schema,
  current_schema()::text as home,
  coalesce(a.atttypid in ('varchar'::regtype, 'text'::regtype), false) as has_text_version,
  coalesce(a.atttypid = 'varchar'::regtype and a.atttypmod = 132, false) as has_dbmates_length,
  array(
    select attname::text from pg_attribute
    where attrelid = c.oid and attnum > 0 and not attisdropped
    order by attnum
  ) as columns,
  (
    select s.nspname::text from pg_class as m join pg_namespace as s on s.oid = m.relnamespace
    where m.oid = to_regclass('ar_internal_metadata')
  ) as rails_schema,
  (
    select s.nspname::text from pg_class as m join pg_namespace as s on s.oid = m.relnamespace
    where m.oid = to_regclass('_sqlx_migrations')
  ) as sqlx_schema
from (values (to_regclass('schema_migrations'))) as found (oid)
left join pg_class as c on c.oid = found.oid
left join pg_namespace as n on n.oid = c.relnamespace
left join pg_attribute as a on a.attrelid = c.oid and a.attname = 'version' and not a.attisdropped;
