-- One hash over everything that the catalog says of the schema, names included: whether anything changed, not what.
-- Our own schema, the ledgers (by name: it is one query) and what extensions bring stay out. Indexes go by the catalog's own
-- columns: printing their definitions takes longer than all the rest. PostgreSQL 12 to 18.
with space as (
  select oid, nspname from pg_namespace
  where nspname not like 'pg\_%' and nspname not in ('information_schema', 'evaldesk')
),
brought as (
  select classid, objid from pg_depend where deptype = 'e'
),
relation as (
  select c.oid, c.relkind, c.relname, s.nspname, c.relpersistence, c.reloptions, c.relrowsecurity, c.relforcerowsecurity, c.relpartbound
  from pg_class as c
  join space as s on s.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c')
    and c.relname not in ('schema_migrations', 'ar_internal_metadata', '_sqlx_migrations', 'flyway_schema_history',
      'databasechangelog', 'databasechangeloglock', 'refinery_schema_history', 'atlas_schema_revisions')
    and s.nspname <> 'sqitch'
    and not exists (select from brought as b where b.classid = 'pg_class'::regclass and b.objid = c.oid)
),
line (text) as (
  select concat_ws(' ', relkind, nspname, relname, relpersistence, reloptions::text, relrowsecurity, relforcerowsecurity,
    pg_get_expr(relpartbound, oid),
    case relkind when 'v' then md5(pg_get_viewdef(oid)) when 'm' then md5(pg_get_viewdef(oid)) when 'p' then pg_get_partkeydef(oid) end)
  from relation
  union all
  select concat_ws(' ', 'column', r.nspname, r.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    a.attidentity, a.attgenerated, a.attcollation, pg_get_expr(d.adbin, d.adrelid))
  from relation as r
  join pg_attribute as a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where r.relkind <> 'S'
  union all
  select concat_ws(' ', 'index', r.nspname, r.relname, x.relname, x.relam, x.reloptions::text, i.indkey, i.indclass, i.indcollation,
    i.indoption, i.indnkeyatts, i.indisunique, i.indisprimary, i.indisvalid, to_jsonb(i) ->> 'indnullsnotdistinct',
    pg_get_expr(i.indexprs, i.indrelid), pg_get_expr(i.indpred, i.indrelid))
  from relation as r
  join pg_index as i on i.indrelid = r.oid
  join pg_class as x on x.oid = i.indexrelid
  union all
  select concat_ws(' ', 'constraint', r.nspname, r.relname, k.conname, pg_get_constraintdef(k.oid))
  from relation as r join pg_constraint as k on k.conrelid = r.oid
  union all
  select concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid), t.tgenabled)
  from relation as r join pg_trigger as t on t.tgrelid = r.oid and not t.tgisinternal
  union all
  select concat_ws(' ', 'policy', r.nspname, r.relname, p.polname, p.polpermissive, p.polcmd, p.polroles::text,
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
  from relation as r join pg_policy as p on p.polrelid = r.oid
  union all
  select concat_ws(' ', 'statistics', r.nspname, r.relname, pg_get_statisticsobjdef(t.oid), to_jsonb(t) ->> 'stxstattarget')
  from relation as r join pg_statistic_ext as t on t.stxrelid = r.oid
  union all
  select concat_ws(' ', 'sequence', r.nspname, r.relname, q.seqtypid, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcycle)
  from relation as r join pg_sequence as q on q.seqrelid = r.oid
  union all
  select concat_ws(' ', 'routine', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid), p.prorettype, md5(p.prosrc),
    p.prolang, p.provolatile, p.prosecdef, p.proisstrict, p.proconfig::text)
  from pg_proc as p join space as s on s.oid = p.pronamespace
  where not exists (select from brought as b where b.classid = 'pg_proc'::regclass and b.objid = p.oid)
  union all
  select concat_ws(' ', 'type', s.nspname, t.typname, t.typtype, t.typbasetype, t.typdefault,
    (select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_enum as e where e.enumtypid = t.oid))
  from pg_type as t join space as s on s.oid = t.typnamespace
  where t.typtype in ('e', 'd', 'r')
    and not exists (select from brought as b where b.classid = 'pg_type'::regclass and b.objid = t.oid)
  union all
  select concat_ws(' ', 'extension', extname, extversion) from pg_extension
)
select encode(sha256(convert_to(coalesce(string_agg(text, e'\n' order by text collate "C"), ''), 'UTF8')), 'hex') from line
