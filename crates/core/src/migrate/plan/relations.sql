-- What the plan's names stand for, each read once: $1 = names as SQL spells them, $2 = whether the widths of its columns
-- are wanted, $3 = for an index that is to be built, the table it will be on (its schema is where the index will be).
-- A parent is summed over everything that hangs below it, partitions and inheriting tables alike. A size is asked only
-- where nobody holds or awaits the strongest lock: asking would wait for it, so the planner's last count has to do.
-- PostgreSQL 12 to 18.
with recursive wanted as (
  select w.name, w.with_columns, w.on_table,
    case
      when w.on_table is null then to_regclass(w.name)
      else (
        select to_regclass(quote_ident(n.nspname) || '.' || w.name)
        from pg_class as t join pg_namespace as n on n.oid = t.relnamespace
        where t.oid = to_regclass(w.on_table)
      )
    end::oid as oid
  from unnest($1::text[], $2::boolean[], $3::text[]) as w (name, with_columns, on_table)
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
  case when w.with_columns then (
    select jsonb_object_agg(a.attname, jsonb_build_array(
      coalesce(st.avg_width, case when a.attlen > 0 then a.attlen else 32 end), coalesce(st.null_frac, 0)
    ))
    from pg_attribute as a
    left join lateral (
      select avg_width, null_frac from pg_stats as p
      where p.schemaname = n.nspname and p.tablename = c.relname and p.attname = a.attname
      order by p.inherited desc limit 1
    ) as st on true
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  ) end as columns
from wanted as w
join pg_class as c on c.oid = w.oid
join pg_namespace as n on n.oid = c.relnamespace
left join pg_index as i on i.indexrelid = c.oid
left join summed as s on s.root = c.oid
