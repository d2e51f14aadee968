-- The columns of some relations ($1 = oids), in their order without the gaps that dropped ones left.
-- A default that draws from the column's own sequence is told apart, since that sequence's name is free.
-- "at time zone" reads as the function that it was up to 13. From 18 on NOT NULL stands in pg_constraint too, and
-- may be there without having been checked.
select
  a.attrelid::bigint as relation,
  a.attname::text as name,
  (row_number() over (partition by a.attrelid order by a.attnum))::int as place,
  format_type(a.atttypid, a.atttypmod) as type_name,
  a.attnotnull as not_null,
  (
    select k.conname::text from pg_constraint as k
    where k.conrelid = a.attrelid and k.contype = 'n' and k.conkey = array[a.attnum] and not k.convalidated
  ) as unchecked_not_null,
  case when a.attgenerated = '' then regexp_replace(
    pg_get_expr(d.adbin, d.adrelid), '\((\S+) AT TIME ZONE ([^()]+)\)', 'timezone(\2, \1)', 'g'
  ) end as default_value,
  exists (
    select from pg_depend as uses
    join pg_depend as owned on owned.objid = uses.refobjid and owned.classid = 'pg_class'::regclass
      and owned.refclassid = 'pg_class'::regclass and owned.deptype = 'a'
      and owned.refobjid = a.attrelid and owned.refobjsubid = a.attnum
    join pg_class as s on s.oid = uses.refobjid and s.relkind = 'S'
    where uses.classid = 'pg_attrdef'::regclass and uses.objid = d.oid and uses.refclassid = 'pg_class'::regclass
  ) as draws_from_its_sequence,
  nullif(a.attidentity::text, '') as identity,
  nullif(a.attgenerated::text, '') as generated,
  case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end as generation,
  (
    select case when k.collnamespace = 'pg_catalog'::regnamespace then quote_ident(k.collname)
      else k.collnamespace::regnamespace::text || '.' || quote_ident(k.collname) end
    from pg_collation as k where k.oid = a.attcollation and a.attcollation <> t.typcollation
  ) as collation
from pg_attribute as a
join pg_type as t on t.oid = a.atttypid
left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid::bigint = any ($1::bigint[]) and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum
