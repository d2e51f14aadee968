-- Functions by name with the arguments of one of them (12 and later), without those that only operators, types,
-- access methods and triggers call.
select
    n.nspname::text as schema,
    p.proname::text as name,
    min(oidvectortypes(p.proargtypes)) as arguments,
    count(*)::int4 as variants
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where has_schema_privilege(n.oid, 'usage')
    and p.prokind in ('f', 'a', 'w')
    and p.prorettype not in ('internal'::regtype, 'trigger'::regtype, 'event_trigger'::regtype)
    and not 'internal'::regtype = any(p.proargtypes::oid[])
    and not 'cstring'::regtype = any(p.proargtypes::oid[])
    and (n.nspname <> 'pg_catalog' or (
        not exists (select from pg_operator o where o.oprcode = p.oid)
        and not exists (select from pg_cast k where k.castfunc = p.oid)
        and p.proname !~ '^(pg_stat_get_|binary_upgrade_|pg_replication_|RI_)'
    ))
group by 1, 2
order by 1, 2
