-- What stands in place of Rails' ledger on this session's search path, and whether Rails keeps house here.
select
  to_regclass('schema_migrations')::text as name,
  exists (
    select from pg_attribute
    where attrelid = to_regclass('schema_migrations') and attname = 'version' and atttypid in ('varchar'::regtype, 'text'::regtype)
      and not attisdropped
  ) as has_text_version,
  array(
    select attname::text from pg_attribute
    where attrelid = to_regclass('schema_migrations') and attnum > 0 and not attisdropped
    order by attnum
  ) as columns,
  to_regclass('ar_internal_metadata') is not null as rails;
