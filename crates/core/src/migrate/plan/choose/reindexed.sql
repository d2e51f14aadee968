-- Indexes that a REINDEX CONCURRENTLY left behind, invalid, when it broke off: $1 = the index or the table that it was of,
-- as SQL spells it. The server calls the new one after the old with _ccnew, the old one after the swap with _ccold, with
-- a number behind where that is taken; a name that gets too long is cut before. Indexes of large values are in pg_toast.
-- PostgreSQL 12 to 18; no privilege needed.
with named as (
  select oid, relkind from pg_class where oid = to_regclass($1)
),
below as (
  select oid from named
  union
  select t.relid from named, pg_partition_tree(named.oid) as t
),
original as (
  select indexrelid, indrelid from pg_index
  where indexrelid in (select oid from below)
    or indrelid in (select oid from below)
    or indrelid in (select reltoastrelid from pg_class where oid in (select oid from below))
)
select distinct
  n.nspname::text as schema,
  c.relname::text as name,
  c.relname::text ~ '_ccold[0-9]*$' as replaced,
  (select p.pid from pg_stat_progress_create_index as p where p.relid = i.indrelid limit 1) as builder
from original as o
join pg_class as x on x.oid = o.indexrelid
join pg_index as i on i.indrelid = o.indrelid and i.indexrelid <> o.indexrelid and not i.indisvalid
join pg_class as c on c.oid = i.indexrelid
join pg_namespace as n on n.oid = c.relnamespace
cross join lateral (select regexp_replace(c.relname::text, '_cc(new|old)[0-9]*$', '') as stem) as s
where c.relname::text ~ '_cc(new|old)[0-9]*$'
  and (s.stem = x.relname::text or (octet_length(c.relname::text) >= 60 and starts_with(x.relname::text, s.stem)))
order by 1, 2
