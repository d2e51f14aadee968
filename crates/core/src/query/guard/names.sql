-- What the catalog knows of names outside of its own, wherever they are (12 and later). Objects of the server's own making
-- have an oid below 16384 (FirstNormalObjectId); all others count, whatever schema they were put into.
-- $1 functions, $2 operators, $3 types, $4 extensions that only compute, $5 single functions of others as "extension.name".
with
extension_member as (
    select d.classid, d.objid, e.extname
    from pg_depend d
    join pg_extension e on e.oid = d.refobjid
    where d.deptype = 'e' and d.refclassid = 'pg_extension'::regclass
),
-- A function that nobody below a superuser can have made or slipped into its extension.
trusted_function as (
    select p.oid
    from pg_proc p
    join extension_member m on m.classid = 'pg_proc'::regclass and m.objid = p.oid
    join pg_roles r on r.oid = p.proowner
    where r.rolsuper and (m.extname = any ($4) or m.extname || '.' || p.proname = any ($5))
),
own_cast as (
    select c.castsource, c.casttarget
    from pg_cast c
    where c.castfunc >= 16384 and c.castfunc not in (select oid from trusted_function)
)
select 'function' as kind, n.nspname::text as schema, p.proname::text as name,
    p.oid in (select oid from trusted_function) as trusted,
    p.pronargs >= 1 and p.pronargs - p.pronargdefaults <= 1 as by_field
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where p.proname = any ($1) and p.oid >= 16384
union all
select 'operator', n.nspname, o.oprname, o.oprcode in (select oid from trusted_function), false
from pg_operator o
join pg_namespace n on n.oid = o.oprnamespace
where o.oprname = any ($2) and o.oid >= 16384
union all
select 'type', n.nspname, t.typname,
    case t.typtype
        when 'e' then true
        when 'd' then t.typbasetype < 16384
            and not exists (select from pg_constraint k where k.contypid = t.oid and k.contype = 'c')
        else t.typinput in (select oid from trusted_function)
    end and not exists (select from own_cast c where t.oid in (c.castsource, c.casttarget)),
    false
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
where t.typname = any ($3) and t.oid >= 16384
union all
-- A cast between types of the server's own needs no column of a user's type to be called.
select 'cast', format_type(c.castsource, null), format_type(c.casttarget, null), false, false
from own_cast c
where c.castsource < 16384 and c.casttarget < 16384
union all
select 'path', current_setting('search_path'), '', false, false
where (current_schemas(true))[1] <> 'pg_catalog'
