-- The constraints of some relations ($1 = oids): keys, foreign keys, checks, exclusions. What a partition or a child
-- has from its parent is left out, and NOT NULL (a constraint of its own from 18 on) belongs to the column.
select
  c.conrelid::bigint as relation,
  c.conname::text as name,
  c.contype::text as kind,
  array(
    select a.attname::text from unnest(c.conkey) with ordinality as k (attnum, place)
    join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = k.attnum
    order by k.place
  ) as columns,
  nullif(c.confrelid, 0)::bigint as target,
  array(
    select a.attname::text from unnest(c.confkey) with ordinality as k (attnum, place)
    join pg_attribute as a on a.attrelid = c.confrelid and a.attnum = k.attnum
    order by k.place
  ) as target_columns,
  regexp_replace(pg_get_constraintdef(c.oid), ' NOT VALID$', '') as definition,
  c.convalidated as is_valid
from pg_constraint as c
where c.conrelid::bigint = any ($1::bigint[]) and c.contype in ('p', 'u', 'f', 'c', 'x')
  and c.conparentid = 0 and c.conislocal
order by c.conrelid, c.contype, c.conname
