-- How far a vacuum ($1 = pid) is. Only the columns that every version from 12 to 18 names alike: 17 renamed the
-- counts of dead rows and added those of indexes. The relation may be the table's TOAST table.
select phase, heap_blks_scanned as done, heap_blks_total as total, 'blocks' as unit,
  relid::regclass::text as relation
from pg_stat_progress_vacuum
where pid = $1
