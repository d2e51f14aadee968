-- Functions, procedures and aggregates of some schemas ($1), bare in the home schema ($2), none of an extension's.
-- The source is summed up by a hash; a body of SQL's own form (14 and later) has no source, so its text is taken.
select
  nullif(n.nspname::text, $2) as schema,
  p.proname::text as name,
  p.prokind::text as kind,
  pg_get_function_identity_arguments(p.oid) as arguments,
  pg_get_function_arguments(p.oid) || coalesce(' returns ' || pg_get_function_result(p.oid), '') as signature,
  concat_ws(' ', l.lanname,
    case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
    case when p.proisstrict then 'strict' end,
    case when p.prosecdef then 'security definer' end,
    case when p.proleakproof then 'leakproof' end,
    case p.proparallel when 's' then 'parallel safe' when 'r' then 'parallel restricted' end,
    (select string_agg('set ' || setting, ' ' order by setting) from unnest(p.proconfig) as setting)
  ) as properties,
  encode(sha256(convert_to(
    case when p.prosrc = '' and p.prokind in ('f', 'p') then substring(pg_get_functiondef(p.oid) from '\n(BEGIN ATOMIC.*|RETURN .*)$')
      else p.prosrc end, 'UTF8')), 'hex') as source_hash,
  case
    when p.prokind not in ('f', 'p', 'w') then null
    when n.nspname = $2 then overlay(pg_get_functiondef(p.oid) placing ''
      from strpos(pg_get_functiondef(p.oid), quote_ident(n.nspname) || '.') for length(quote_ident(n.nspname)) + 1)
    else pg_get_functiondef(p.oid)
  end as definition
from pg_proc as p
join pg_namespace as n on n.oid = p.pronamespace
join pg_language as l on l.oid = p.prolang
where n.nspname = any ($1::text[])
  and not exists (
    select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i')
  )
order by 1 nulls first, 2, 4
