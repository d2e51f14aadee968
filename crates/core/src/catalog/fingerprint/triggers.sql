-- The triggers of some relations ($1 = oids) that somebody made: none of a foreign key's own, and none that a
-- partition has from its parent (12 ties those by a dependency, 13 and later say whose they are).
select
  t.tgrelid::bigint as relation,
  t.tgname::text as name,
  pg_get_triggerdef(t.oid, true) as definition,
  t.tgenabled::text as enabled
from pg_trigger as t
where t.tgrelid::bigint = any ($1::bigint[]) and not t.tgisinternal
  and coalesce(to_jsonb(t) ->> 'tgparentid', '0') = '0'
  and not exists (
    select from pg_depend as d
    where d.classid = 'pg_trigger'::regclass and d.objid = t.oid and d.refclassid = 'pg_trigger'::regclass
  )
order by t.tgrelid, t.tgname
