-- The indexes of some relations ($1 = oids) by what they are. Those attached to an index of the parent are left out:
-- the parent's stands for them. An operator class, a collation or an order is told only where it is not the default.
-- A parent's index made "on only" stays invalid until every partition has one attached.
select
  i.indrelid::bigint as relation,
  x.relname::text as name,
  am.amname::text as method,
  array(
    select pg_get_indexdef(i.indexrelid, k, false)
      || coalesce((
        select ' collate ' || quote_ident(c.collname) from pg_collation as c
        where c.oid = i.indcollation[k - 1] and c.oid is distinct from (
          select coalesce(a.attcollation, 100) from (select) as one
          left join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = i.indkey[k - 1] and a.attnum > 0
        )
      ), '')
      || coalesce((select ' ' || o.opcname from pg_opclass as o where o.oid = i.indclass[k - 1] and not o.opcdefault), '')
      || case i.indoption[k - 1] & 3 when 1 then ' desc nulls last' when 2 then ' nulls first' when 3 then ' desc' else '' end
    from generate_series(1, i.indnkeyatts) as k
    order by k
  ) as keys,
  array(
    select pg_get_indexdef(i.indexrelid, k, false) from generate_series(i.indnkeyatts + 1, i.indnatts) as k order by k
  ) as included,
  pg_get_expr(i.indpred, i.indrelid) as predicate,
  coalesce(array(select unnest(x.reloptions) order by 1), '{}') as options,
  i.indisunique as is_unique,
  coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) as nulls_not_distinct,
  i.indisvalid as is_valid,
  x.relkind = 'I' as on_partitioned,
  (
    select k.conname::text from pg_constraint as k
    where k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x') limit 1
  ) as of_constraint
from pg_index as i
join pg_class as x on x.oid = i.indexrelid
join pg_am as am on am.oid = x.relam
where i.indrelid::bigint = any ($1::bigint[])
  and not exists (select from pg_inherits as h where h.inhrelid = i.indexrelid)
order by i.indrelid, x.relname
