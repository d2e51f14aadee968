-- Whether a partition ($2) is being detached from its parent ($1), and where both are: no row where it is no partition of
-- it any more. `inhdetachpending` is there from 14 on. PostgreSQL 12 to 18; no privilege needed.
select coalesce((to_jsonb(h) ->> 'inhdetachpending')::boolean, false) as pending,
  pn.nspname::text as parent_schema, p.relname::text as parent, cn.nspname::text as schema, c.relname::text as name
from pg_inherits as h
join pg_class as p on p.oid = h.inhparent
join pg_namespace as pn on pn.oid = p.relnamespace
join pg_class as c on c.oid = h.inhrelid
join pg_namespace as cn on cn.oid = c.relnamespace
where h.inhparent = to_regclass($1) and h.inhrelid = to_regclass($2)
