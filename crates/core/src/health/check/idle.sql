-- Sessions idle in a transaction on this database; hidden are those whose state this role may not see. 12 to 18.
select
    count(*) filter (where a.state like 'idle in transaction%') as sessions,
    max(extract(epoch from clock_timestamp() - a.state_change)::bigint)
        filter (where a.state like 'idle in transaction%') as oldest_seconds,
    count(*) filter (where a.state is null) as hidden,
    (array_agg(coalesce(nullif(a.application_name, ''), a.usename::text) order by a.state_change)
        filter (where a.state like 'idle in transaction%'))[1] as name
from pg_stat_activity a
where a.datname = current_database() and a.pid <> pg_backend_pid()
    -- The type of others' sessions is hidden along with their state; autovacuum has no role.
    and coalesce(a.backend_type = 'client backend', a.usesysid is not null)
