-- What is read when these relations are read (12 and later): themselves, their partitions and children, and what their
-- views stand on. $1 schemas ('' for any), $2 names; $3 and $4 as $4 and $5 of names.sql.
-- One row a reason to look closer; views of the server itself are not looked into.
with recursive
extension_member as (
    select d.objid, e.extname
    from pg_depend d
    join pg_extension e on e.oid = d.refobjid
    where d.deptype = 'e' and d.refclassid = 'pg_extension'::regclass and d.classid = 'pg_proc'::regclass
),
trusted_function as (
    select p.oid
    from pg_proc p
    join extension_member m on m.objid = p.oid
    join pg_roles r on r.oid = p.proowner
    where r.rolsuper and (m.extname = any ($3) or m.extname || '.' || p.proname = any ($4))
),
named as (
    select distinct c.oid, n.nspname::text as schema, c.relname::text as name
    from unnest($1::text[], $2::text[]) as w (schema, name)
    join pg_class c on c.relname = w.name
    join pg_namespace n on n.oid = c.relnamespace and w.schema in ('', n.nspname)
    where c.oid >= 16384
),
reached (root, oid) as (
    select oid, oid from named
    union
    select r.root, next.oid
    from reached r
    cross join lateral (
        select i.inhrelid from pg_inherits i where i.inhparent = r.oid
        union all
        select d.refobjid
        from pg_rewrite w
        join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
        where w.ev_class = r.oid and w.ev_type = '1' and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.oid
    ) as next (oid)
    where next.oid >= 16384
),
-- The types of the columns, and the types inside of them.
typed (root, oid) as (
    select distinct r.root, a.atttypid
    from reached r
    join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    where a.atttypid >= 16384
    union
    select t.root, next.oid
    from typed t
    join pg_type y on y.oid = t.oid
    cross join lateral (
        select y.typelem
        union all
        select y.typbasetype
        union all
        select a.atttypid from pg_attribute a where a.attrelid = y.typrelid and a.attnum > 0 and not a.attisdropped
    ) as next (oid)
    where next.oid >= 16384
)
select n.schema, n.name, f.kind, f.oid::int8 as oid, f.what
from named n
join (
    select r.root, 'foreign' as kind, c.oid, c.oid::regclass::text as what
    from reached r
    join pg_class c on c.oid = r.oid and c.relkind = 'f'
    union all
    select r.root, 'view', c.oid, c.oid::regclass::text
    from reached r
    join pg_class c on c.oid = r.oid and c.relkind = 'v'
    union all
    select r.root, 'policy', p.oid, c.oid::regclass::text
    from reached r
    join pg_class c on c.oid = r.oid and c.relrowsecurity
    join pg_policy p on p.polrelid = c.oid and p.polcmd in ('*', 'r')
    union all
    select t.root, 'cast', t.oid, format_type(t.oid, null)
    from typed t
    join pg_cast k on t.oid in (k.castsource, k.casttarget)
    where k.castfunc >= 16384 and k.castfunc not in (select oid from trusted_function)
) as f on f.root = n.oid
order by n.schema, n.name, f.kind, f.oid
