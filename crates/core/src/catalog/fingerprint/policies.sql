-- The row security policies of some relations ($1 = oids). Role 0 is everybody. PostgreSQL 12 to 18; no privilege needed.
select
  p.polrelid::bigint as relation,
  p.polname::text as name,
  p.polpermissive as permissive,
  case p.polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete'
    else p.polcmd::text end as command,
  array(
    select case r when 0 then 'public' else quote_ident(pg_get_userbyid(r)) end from unnest(p.polroles) as r order by 1
  ) as roles,
  pg_get_expr(p.polqual, p.polrelid) as sees,
  pg_get_expr(p.polwithcheck, p.polrelid) as writes
from pg_policy as p
where p.polrelid::bigint = any ($1::bigint[])
order by p.polrelid, p.polname
