-- Objects by kind, without what belongs to extensions (their versions differ); sequences with where they stand.
select 'relations of kind ' || c.relkind::text as what, count(*) as number
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_depend d
    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
  )
group by c.relkind
union all
-- From 18 NOT NULL is a constraint too.
select 'constraints of type ' || k.contype::text, count(*)
from pg_constraint k
join pg_namespace n on n.oid = k.connamespace
where k.contype <> 'n' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
group by k.contype
union all
select 'functions', count(*)
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_depend d
    where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
  )
union all
select format('sequence %I.%I', schemaname, sequencename), last_value
from pg_sequences
where last_value is not null
