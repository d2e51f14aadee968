-- A valid btree index that begins with these columns, under any name. An index that a broken build left
-- behind does not count: it costs writes and serves no query.

select 'no valid index on evaluation_runs (created_at, id)' as problem, 'conflict' as weight
where not exists (
  select from pg_index as i
  join pg_class as c on c.oid = i.indexrelid
  join pg_am as am on am.oid = c.relam
  where i.indrelid = to_regclass('evaluation_runs') and i.indisvalid and i.indpred is null and am.amname = 'btree'
    and (array(
      select a.attname::text
      from unnest(i.indkey) with ordinality as k (attnum, place)
      join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
      order by k.place
    ))[1:cardinality(array['created_at', 'id'])] = array['created_at', 'id']
);
