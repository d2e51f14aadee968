-- The tables below partitioned ones, with their indexes. $1 = tables, $2 = indexes, as SQL spells them: a table counts where it
-- is partitioned, an index where it is one of a partitioned table, whose tree is read then. PostgreSQL 12 to 18; no
-- privilege needed.
with asked as (
  select name, false as by_index, to_regclass(name)::oid as oid, null::text as index_name from (select distinct unnest($1::text[]) as name) as w
  union all
  select w.name, true, i.indrelid, c.relname::text
  from (select distinct unnest($2::text[]) as name) as w
  join pg_index as i on i.indexrelid = to_regclass(w.name)
  join pg_class as c on c.oid = i.indexrelid
  where c.relkind = 'I'
)
select a.name as asked, a.by_index, a.index_name,
  c.oid::bigint as oid,
  case when t.level > 0 then t.parentrelid::oid::bigint end as parent,
  n.nspname::text as schema, c.relname::text as name, c.relkind::text as kind,
  coalesce((
    select jsonb_agg(jsonb_build_object(
      'oid', i.indexrelid::bigint, 'name', x.relname, 'valid', i.indisvalid,
      'of', (select h.inhparent::bigint from pg_inherits as h where h.inhrelid = i.indexrelid)
    ) order by x.relname)
    from pg_index as i join pg_class as x on x.oid = i.indexrelid
    where i.indrelid = c.oid
  ), '[]') as indexes
from asked as a
join pg_class as p on p.oid = a.oid and p.relkind = 'p'
cross join pg_partition_tree(p.oid) as t
join pg_class as c on c.oid = t.relid
join pg_namespace as n on n.oid = c.relnamespace
order by a.name, t.level, n.nspname, c.relname
