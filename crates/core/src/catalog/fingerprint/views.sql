-- Views and materialised views of some schemas ($1), bare in the home schema ($2). The text is the server's own, with
-- white space as one space. Up to 15 a column is written with its only table, from 16 on without: where there is
-- only one it is taken away, so that both read alike.
with defined as (
  select
    nullif(n.nspname::text, $2) as schema,
    c.relname::text as name,
    c.relkind::text as kind,
    coalesce(array(select unnest(c.reloptions) order by 1), '{}') as options,
    rtrim(pg_get_viewdef(c.oid, true), ';') as definition
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname = any ($1::text[]) and c.relkind in ('v', 'm')
    and not exists (
      select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
    )
)
select
  schema, name, kind, options, definition,
  trim(regexp_replace(
    case when cardinality(tables) = 1
      then replace(definition, tables[1] || '.', '')
      else definition
    end, '\s+', ' ', 'g'
  )) as plain
from defined, lateral (
  select array(
    select distinct found[1] from regexp_matches(definition, '([a-z_][a-z0-9_$]*|"(?:[^"]|"")+")\.(?=[a-z_"])', 'g') as found
    where not exists (select from pg_namespace as s where quote_ident(s.nspname) = found[1])
  ) as tables
) as qualifier
order by 1 nulls first, 2
