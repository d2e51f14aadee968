-- The tables in which migration tools keep their books, by their columns and never by name alone: most tools let
-- the name be chosen. Rails' and our own ledger are one column; what stands beside it tells them apart.
-- PostgreSQL 12 to 18; no privilege needed.
with shape as (
  select
    c.oid, c.relnamespace, n.nspname::text as schema, c.relname::text as name,
    array_agg(a.attname::text order by a.attnum) as columns,
    array_agg(format_type(a.atttypid, a.atttypmod) order by a.attnum) as types
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relkind in ('r', 'p') and n.nspname not like 'pg\_%' and n.nspname not in ('information_schema', 'evaldesk')
  group by c.oid, c.relnamespace, n.nspname, c.relname
),
environment as (
  select relnamespace, oid from shape
  where columns = array['key', 'value', 'created_at', 'updated_at'] and name like '%ar\_internal\_metadata%'
),
sqitch as (
  select relnamespace from shape
  where columns @> array['change_id', 'change', 'project', 'committed_at', 'planned_at']
),
told as (
  select s.*, case
    when columns = array['version'] and types[1] = 'character varying(128)' then 'dbmate'
    when columns = array['version'] and types[1] in ('character varying', 'text', 'character varying(255)')
      and exists (select from environment as e where e.relnamespace = s.relnamespace) then 'rails'
    when columns = array['version'] and types[1] in ('character varying', 'text', 'character varying(255)')
      and name like '%schema\_migrations%' then 'evaldesk'
    when s.oid in (select oid from environment) then 'rails'
    when columns = array['version', 'dirty'] and types = array['bigint', 'boolean'] then 'golang_migrate'
    when columns @> array['version', 'description', 'installed_on', 'success', 'checksum', 'execution_time']
      and types[array_position(columns, 'checksum')] = 'bytea' then 'sqlx'
    when columns @> array['installed_rank', 'version', 'script', 'checksum', 'installed_by', 'success'] then 'flyway'
    when columns @> array['id', 'author', 'filename', 'dateexecuted', 'orderexecuted', 'exectype', 'md5sum'] then 'liquibase'
    when columns = array['id', 'locked', 'lockgranted', 'lockedby'] then 'liquibase'
    when columns = array['version', 'name', 'applied_on', 'checksum'] then 'refinery'
    when columns @> array['version', 'applied', 'total', 'executed_at', 'hash', 'operator_version'] then 'atlas'
    when relnamespace in (select relnamespace from sqitch) then 'sqitch'
  end as tool
  from shape as s
)
select tool, oid::bigint as oid, schema, name, columns
from told
where tool is not null
order by tool, schema, name
