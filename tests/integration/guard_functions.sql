-- Every name of a function of pg_catalog (12 and later) with what the rule of functions/plain.txt looks at: whether an
-- overload is volatile, a procedure, or takes or gives what only the server itself has; and whether at least one of them
-- is more than the inside of an operator, an index, an aggregate or a type.
with
plumbing as (
    select oid
    from pg_type
    where typname in (
        'internal', 'cstring', 'trigger', 'event_trigger', 'language_handler', 'fdw_handler', 'index_am_handler',
        'table_am_handler', 'tsm_handler', 'opaque', 'pg_ddl_command'
    )
),
inside as (
    select o.oprcode::oid as oid
    from pg_operator o
    where obj_description(o.oprcode, 'pg_proc') like 'implementation of %'
    union select amproc::oid from pg_amproc
    union select unnest(array[
        aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn
    ]::oid[]) from pg_aggregate
    union select unnest(array[
        typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze
    ]::oid[]) from pg_type
    union select unnest(array[oprrest, oprjoin]::oid[]) from pg_operator
)
select
    p.proname::text as name,
    bool_or(
        p.provolatile = 'v' or p.prokind = 'p'
        or exists (
            select
            from unnest(p.proargtypes::oid[] || p.prorettype) as t (oid)
            where t.oid in (select oid from plumbing)
        )
    ) as breaks_the_rule,
    bool_or(p.oid not in (select oid from inside)) as called,
    bool_or(p.provolatile = 'v') as volatile
from pg_proc p
where p.pronamespace = 'pg_catalog'::regnamespace and p.oid < 16384
group by p.proname
