-- The evaluation tables by name ($1 = names): where each resolves, and where else one lies. PostgreSQL 12 to 18.
select
    wanted.name,
    n.nspname::text as schema,
    array(
        select other.nspname::text
        from pg_class c
        join pg_namespace other on other.oid = c.relnamespace
        where c.relname = wanted.name and c.relkind in ('r', 'p', 'v', 'f')
            and c.oid is distinct from to_regclass(wanted.name)
        order by 1
    ) as elsewhere,
    coalesce(has_table_privilege(to_regclass(wanted.name)::oid, 'select'), false) as readable
from unnest($1::text[]) with ordinality as wanted(name, place)
left join pg_class t on t.oid = to_regclass(wanted.name)
left join pg_namespace n on n.oid = t.relnamespace
order by wanted.place
