-- Connections of the server and the cache of this database. PostgreSQL 12 to 18.
-- State and type of others' sessions are NULL for a role without pg_read_all_stats: then it is not known, and not 0.
select
    (
        select count(*)
        from pg_stat_activity a
        where coalesce(a.backend_type = 'client backend', a.usesysid is not null)
    ) as connections,
    current_setting('max_connections')::bigint as max_connections,
    (
        select case
            when bool_and(a.state is not null) then count(*) filter (where a.state like 'idle in transaction%')
        end
        from pg_stat_activity a
        where coalesce(a.backend_type = 'client backend', a.usesysid is not null)
    ) as idle_in_transaction,
    d.blks_hit::float8 / nullif(d.blks_hit + d.blks_read, 0) as cache_hit_ratio,
    to_char(d.stats_reset at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as statistics_since,
    to_char(pg_postmaster_start_time() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as server_started_at
from pg_stat_database d
where d.datname = current_database()
