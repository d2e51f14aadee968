-- Scratch databases that nobody holds any more: whoever makes one holds an advisory lock of its name ($1 = our
-- class) for as long as it lives, and pg_locks shows those of every database. PostgreSQL 12 to 18.
select d.datname::text as name
from pg_database as d
where d.datname ~ '^evaldesk_scratch_[0-9a-f]{16}$' and pg_has_role(d.datdba, 'usage')
  and not exists (
    select from pg_locks as l
    where l.locktype = 'advisory' and l.classid = $1::int::oid and l.objsubid = 2
      and l.objid = (hashtext(d.datname)::bigint & 4294967295)::oid
  )
order by d.datname
