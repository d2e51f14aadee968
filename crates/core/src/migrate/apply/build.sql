-- How far the session ($1 = pid) is with an index, since 12. While it waits for others, lockers are counted, not blocks.
select
  p.phase,
  p.blocks_done, p.blocks_total, p.tuples_done, p.tuples_total, p.lockers_done, p.lockers_total,
  p.partitions_done, p.partitions_total
from pg_stat_progress_create_index as p
where p.pid = $1;
