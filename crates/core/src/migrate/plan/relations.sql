-- What the plan's names stand for, each read once: $1 = names as SQL spells them, $2 = whether its columns and its
-- kin are wanted (what it is locked with, what falls with it), $3 = for an index that is to be built, the table it will be on (its schema is where the index will be).
-- A parent is summed over everything that hangs below it, partitions and inheriting tables alike. A size is asked only
-- where nobody holds or awaits the strongest lock: asking would wait for it, so the planner's last count has to do.
-- PostgreSQL 12 to 18.
with recursive wanted as (
  select w.name, w.deep, w.on_table,
    case
      when w.on_table is null then to_regclass(w.name)
      else (
        select to_regclass(quote_ident(n.nspname) || '.' || w.name)
        from pg_class as t join pg_namespace as n on n.oid = t.relnamespace
        where t.oid = to_regclass(w.on_table)
      )
    end::oid as oid
  from unnest($1::text[], $2::boolean[], $3::text[]) as w (name, deep, on_table)
),
tree as (
  select distinct w.oid as root, w.oid from wanted as w where w.oid is not null
  union
  select t.root, h.inhrelid from tree as t join pg_inherits as h on h.inhparent = t.oid
),
locked as (
  select distinct relation from pg_locks
  where locktype = 'relation' and mode = 'AccessExclusiveLock' and pid is distinct from pg_backend_pid()
),
measured as (
  select t.root, c.oid, c.relkind,
    -- A partitioned table's own count is the sum of its leaves' already.
    case when c.relkind in ('p', 'I') then 0 else greatest(pg_stat_get_live_tuples(c.oid), c.reltuples::bigint, 0) end as rows,
    case
      when exists (select from locked where relation = c.oid) then c.relpages::bigint * current_setting('block_size')::int
      else coalesce(pg_relation_size(c.oid), 0)
    end as heap,
    case
      when c.reltoastrelid = 0 then 0
      when exists (select from locked where relation in (c.oid, c.reltoastrelid))
        then (select relpages::bigint * current_setting('block_size')::int from pg_class where oid = c.reltoastrelid)
      else coalesce(pg_total_relation_size(c.reltoastrelid), 0)
    end as toast,
    coalesce((
      select sum(case
        when exists (select from locked where relation = i.indexrelid)
          then (select relpages::bigint * current_setting('block_size')::int from pg_class where oid = i.indexrelid)
        else coalesce(pg_relation_size(i.indexrelid), 0)
      end)
      from pg_index as i where i.indrelid = c.oid
    ), 0)::bigint as indexes,
    (select count(*) from pg_index as i where i.indrelid = c.oid) as index_count
  from tree as t join pg_class as c on c.oid = t.oid
),
summed as (
  select root, array_agg(oid::bigint order by oid) as members, sum(rows)::bigint as rows, sum(heap)::bigint as heap_bytes,
    sum(toast)::bigint as toast_bytes, sum(indexes)::bigint as index_bytes, sum(index_count)::bigint as index_count
  from measured group by root
)
select
  w.name, w.on_table, c.oid::bigint as oid, c.oid::regclass::text as shown, c.relkind::text as kind,
  s.members, s.rows, s.heap_bytes, s.toast_bytes, s.index_bytes, s.index_count,
  coalesce(c.relkind = 'i' and not i.indisvalid, false) as broken,
  n.nspname::text as schema, c.relname::text as bare,
  (select p.pid from pg_stat_progress_create_index as p where p.index_relid = c.oid limit 1) as builder,
  case when w.deep then (
    select jsonb_object_agg(a.attname, jsonb_build_object(
      'width', coalesce(st.avg_width, case when a.attlen > 0 then a.attlen else 32 end),
      'nulls', coalesce(st.null_frac, 0),
      'type', format_type(a.atttypid, a.atttypmod),
      'full', a.attnotnull or exists (
        select from pg_constraint as k
        where k.conrelid = c.oid and k.contype = 'c' and k.convalidated
          and pg_get_constraintdef(k.oid) = format('CHECK ((%I IS NOT NULL))', a.attname)
      )
    ))
    from pg_attribute as a
    left join lateral (
      select avg_width, null_frac from pg_stats as p
      where p.schemaname = n.nspname and p.tablename = c.relname and p.attname = a.attname
      order by p.inherited desc limit 1
    ) as st on true
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  ) end as columns,
  case when w.deep then (
    select jsonb_agg(jsonb_build_object(
      'kin', k.kin, 'shown', k.oid::regclass::text, 'relkind', r.relkind::text, 'name', k.name,
      'columns', k.columns, 'bytes', r.relpages::bigint * current_setting('block_size')::int
    ) order by k.kin, k.oid)
    from (
      select 'table_of_index' as kin, x.indrelid as oid, null::text as name, null::text[] as columns
      from pg_index as x where x.indexrelid = c.oid
      union all
      select 'indexes', x.indexrelid, null, array(
        select a.attname::text from pg_attribute as a where a.attrelid = c.oid and a.attnum = any (x.indkey)
      )
      from pg_index as x where x.indrelid = c.oid
      union all
      select 'children', t.oid, null, null from tree as t where t.root = c.oid and t.oid <> c.oid
      union all
      select 'parent', h.inhparent, null, null from pg_inherits as h where h.inhrelid = c.oid and c.relispartition
      union all
      select 'default_partition', p.partdefid, null, null
      from pg_partitioned_table as p
      where p.partdefid <> 0 and p.partdefid <> c.oid
        and (p.partrelid = c.oid or p.partrelid in (select inhparent from pg_inherits where inhrelid = c.oid))
      union all
      select 'referenced', f.confrelid, f.conname::text, null
      from pg_constraint as f where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid
      union all
      select 'referencing', f.conrelid, f.conname::text, null
      from pg_constraint as f where f.confrelid = c.oid and f.contype = 'f' and f.conrelid <> c.oid
      union all
      select 'constraint', case f.conindid when 0 then f.conrelid else f.conindid end, f.conname::text, null
      from pg_constraint as f where f.conrelid = c.oid and f.contype in ('p', 'u', 'x')
      union all
      select 'dependants', d.oid, null, null from (
        with recursive above as (
          select distinct w.ev_class as oid
          from pg_depend as d join pg_rewrite as w on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
          where d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and w.ev_class <> c.oid
          union
          select w.ev_class
          from above as b
          join pg_depend as d on d.refclassid = 'pg_class'::regclass and d.refobjid = b.oid
          join pg_rewrite as w on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
          where w.ev_class <> b.oid
        )
        select oid from above
      ) as d
    ) as k
    join pg_class as r on r.oid = k.oid
  ) end as kin
from wanted as w
join pg_class as c on c.oid = w.oid
join pg_namespace as n on n.oid = c.relnamespace
left join pg_index as i on i.indexrelid = c.oid
left join summed as s on s.root = c.oid
