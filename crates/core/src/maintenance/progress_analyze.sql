-- How far an analyze ($1 = pid) is: it reads a sample of the blocks. The view is there from 13 on.
select phase, sample_blks_scanned as done, sample_blks_total as total, 'sampled blocks' as unit,
  relid::regclass::text as relation
from pg_stat_progress_analyze
where pid = $1
