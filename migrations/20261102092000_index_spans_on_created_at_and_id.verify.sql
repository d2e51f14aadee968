-- A valid btree index that begins with these columns, under any name. An index that a broken build left
-- behind does not count: it costs writes and serves no query. On a partitioned table the index of the parent
-- becomes valid with the last partition that has one attached; if every partition has one without the parent
-- knowing, queries are served, and partitions made from now on are not.

with wanted (relation, column_names) as (
  values (to_regclass('evaluation_spans'), array['created_at', 'id'])
),
present as (
  select i.indrelid
  from wanted as w
  cross join pg_index as i
  join pg_class as c on c.oid = i.indexrelid
  join pg_am as am on am.oid = c.relam
  where i.indisvalid and i.indpred is null and am.amname = 'btree'
    and (i.indrelid = w.relation or i.indrelid in (select relid from pg_partition_tree(w.relation)))
    and (array(
      select a.attname::text
      from unnest(i.indkey) with ordinality as k (attnum, place)
      join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
      order by k.place
    ))[1:cardinality(w.column_names)] = w.column_names
),
partitions as (
  select count(*) as total, count(*) filter (where relid not in (select indrelid from present)) as without
  from wanted, pg_partition_tree(relation) where isleaf
)
select
  case
    when total > 0 and without = 0 then 'every partition has an index on evaluation_spans (created_at, id), the table itself has none'
    when total > 0 then format('no valid index on evaluation_spans (created_at, id): %s of %s partitions have none', without, total)
    else 'no valid index on evaluation_spans (created_at, id)'
  end as problem,
  case when total > 0 and without = 0 then 'attention' else 'conflict' end as weight
from wanted, partitions
where not exists (select from present where present.indrelid = wanted.relation);
