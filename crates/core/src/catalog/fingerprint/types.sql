-- Enums, domains, composite types and ranges of some schemas ($1), bare in the home schema ($2), as one text each.
select
  nullif(n.nspname::text, $2) as schema,
  t.typname::text as name,
  t.typtype::text as kind,
  array(select e.enumlabel::text from pg_enum as e where e.enumtypid = t.oid order by e.enumsortorder) as labels,
  case t.typtype
    when 'd' then format_type(t.typbasetype, t.typtypmod)
      || case when t.typnotnull then ' not null' else '' end
      || coalesce(' default ' || t.typdefault, '')
      || coalesce((
        select string_agg(' ' || pg_get_constraintdef(k.oid), '' order by pg_get_constraintdef(k.oid))
        from pg_constraint as k where k.contypid = t.oid and k.contype = 'c'
      ), '')
    when 'c' then (
      select '(' || string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum) || ')'
      from pg_attribute as a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
    )
    when 'r' then (select format_type(r.rngsubtype, null) from pg_range as r where r.rngtypid = t.oid)
    else ''
  end as definition
from pg_type as t
join pg_namespace as n on n.oid = t.typnamespace
left join pg_class as c on c.oid = t.typrelid
where n.nspname = any ($1::text[]) and (t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and c.relkind = 'c'))
  and not exists (
    select from pg_depend as d where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e'
  )
order by 1 nulls first, 2
