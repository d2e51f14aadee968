-- Every relation of the user's, as this transaction sees it: what it hangs on (an index on its table, a partition on its
-- parent, a sequence on the table that owns it), which file it is in, and how often this transaction read it through.
-- PostgreSQL 12 to 18.
select
  c.oid::bigint as oid, c.oid::regclass::text as shown, c.relkind::text as kind, c.relfilenode::bigint as file,
  pg_stat_get_xact_numscans(c.oid) as scans,
  coalesce(
    i.indrelid,
    (select min(h.inhparent) from pg_inherits as h where h.inhrelid = c.oid),
    (
      select min(d.refobjid::bigint)::oid from pg_depend as d
      where c.relkind = 'S' and d.classid = 'pg_class'::regclass and d.objid = c.oid
        and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
    )
  )::bigint as hangs_on
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
left join pg_index as i on i.indexrelid = c.oid
where n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
