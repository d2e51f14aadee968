-- The extended statistics of some relations ($1 = oids): of the server's own print what stands between the name and the
-- table. Kinds are printed only where not all are kept. Expressions came with 14, a target with 13. PostgreSQL 12 to 18;
-- no privilege needed.
select
  s.stxrelid::bigint as relation,
  s.stxname::text as name,
  nullif(n.nspname, cn.nspname)::text as elsewhere,
  btrim(left(d.rest, length(d.rest) - length(' FROM ' || s.stxrelid::regclass::text))) as definition,
  nullif((to_jsonb(s) ->> 'stxstattarget')::int, -1) as target
from pg_statistic_ext as s
join pg_namespace as n on n.oid = s.stxnamespace
join pg_class as c on c.oid = s.stxrelid
join pg_namespace as cn on cn.oid = c.relnamespace
cross join lateral (
  select substr(pg_get_statisticsobjdef(s.oid), length('CREATE STATISTICS ' || quote_ident(n.nspname) || '.' || quote_ident(s.stxname)) + 1) as rest
) as d
where s.stxrelid::bigint = any ($1::bigint[])
order by s.stxrelid, 4, s.stxname
