-- answers: Who holds a transaction open and does nothing?
-- corrects: E45. Such sessions hold connections and locks, and keep dead rows from being cleaned.
-- server: 12-
select
    pid,
    usename as role,
    datname as database,
    application_name as application,
    now() - xact_start as transaction_for,
    now() - state_change as idle_for,
    left(query, 200) as last_statement
from pg_stat_activity
where state in ('idle in transaction', 'idle in transaction (aborted)')
order by xact_start;
