-- answers: Are WAL segments archived, and did archiving fail?
-- corrects: E22, E46. An archive command that overwrites or fails is noticed here, not on the day of the restore.
-- server: 12-
select
    current_setting('archive_mode') as archive_mode,
    archived_count,
    last_archived_wal,
    last_archived_time,
    failed_count,
    last_failed_wal,
    last_failed_time,
    stats_reset
from pg_stat_archiver;
