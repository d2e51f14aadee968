-- The sequences of some schemas ($1), bare in the home schema ($2), without those owned by some relations ($3).
-- One that a column owns goes by that column: its own name is free.
select
  nullif(n.nspname::text, $2) as schema,
  c.relname::text as name,
  format_type(s.seqtypid, null) as type_name,
  s.seqstart as start_value,
  s.seqincrement as step,
  s.seqmin as least,
  s.seqmax as greatest,
  s.seqcache as cache,
  s.seqcycle as cycles,
  d.refobjid::bigint as owner,
  (select a.attname::text from pg_attribute as a where a.attrelid = d.refobjid and a.attnum = d.refobjsubid) as owner_column
from pg_sequence as s
join pg_class as c on c.oid = s.seqrelid
join pg_namespace as n on n.oid = c.relnamespace
left join pg_depend as d on d.classid = 'pg_class'::regclass and d.objid = c.oid
  and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and d.deptype in ('a', 'i')
where n.nspname = any ($1::text[]) and c.relpersistence <> 't'
  and not (coalesce(d.refobjid, 0)::bigint = any ($3::bigint[]))
  and not exists (
    select from pg_depend as e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e'
  )
order by 1 nulls first, 2
