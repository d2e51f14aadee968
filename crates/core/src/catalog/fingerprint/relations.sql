-- Tables, partitioned tables, foreign tables and materialised views of some schemas ($1), bare where they are in
-- the home schema ($2), without some by oid ($3). PostgreSQL 12 to 18; no privilege needed.
select
  c.oid::bigint as oid,
  nullif(n.nspname::text, $2) as schema,
  c.relname::text as name,
  c.relkind::text as kind,
  c.relpersistence::text as persistence,
  coalesce(array(select unnest(c.reloptions) order by 1), '{}') as options,
  nullif(am.amname::text, 'heap') as access_method,
  pg_get_partkeydef(c.oid) as partition_key,
  case when c.relispartition then pg_get_expr(c.relpartbound, c.oid) end as bound,
  (select i.inhparent::bigint from pg_inherits as i where i.inhrelid = c.oid order by i.inhseqno limit 1) as parent,
  c.relrowsecurity as row_security,
  c.relforcerowsecurity as forced_row_security
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
left join pg_am as am on am.oid = c.relam
where n.nspname = any ($1::text[]) and c.relkind in ('r', 'p', 'f', 'm')
  and not (c.oid::bigint = any ($3::bigint[]))
  and not exists (
    select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
  )
order by 2 nulls first, 3
