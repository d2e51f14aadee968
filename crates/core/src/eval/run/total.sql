-- The planner's estimate of the runs; -1 (from 14) or 0 where the table was never analyzed. PostgreSQL 12 to 18.
select coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint
from pg_class c
where c.oid = to_regclass('evaluation_runs')
    or c.oid in (select i.inhrelid from pg_inherits i where i.inhparent = to_regclass('evaluation_runs'))
