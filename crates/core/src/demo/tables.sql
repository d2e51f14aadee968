-- The four tables by the session's search_path: whether each is there and the sequence behind its id.
-- A partitioned table's sequence is owned by none of its columns, so the default's dependency is the second way.
select
  t.name::text as name,
  to_regclass(t.name) is not null as present,
  coalesce(pg_get_serial_sequence(to_regclass(t.name)::text, 'id'), (
    select s.oid::regclass::text
    from pg_attrdef d
    join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum and a.attname = 'id'
    join pg_depend p on p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refclassid = 'pg_class'::regclass
    join pg_class s on s.oid = p.refobjid and s.relkind = 'S'
    where d.adrelid = to_regclass(t.name)
    limit 1
  )) as sequence,
  exists (
    select from pg_attribute a
    where a.attrelid = to_regclass(t.name) and a.attname = 'configuration_changes' and not a.attisdropped
  ) as renamed
from unnest(array['evaluation_runs', 'evaluation_spans', 'evaluation_configurations', 'evaluation_results'])
  with ordinality as t (name, place)
order by t.place
