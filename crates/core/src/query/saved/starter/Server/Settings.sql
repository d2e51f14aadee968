-- answers: Which of the settings that the guide names differ from the server's defaults, and which need a restart?
-- corrects: E15, E16, E17, E23. Three of its values are the defaults, and several count only after a restart.
-- server: 12-
select
    name,
    setting as value,
    boot_val as default_value,
    unit,
    source,
    context = 'postmaster' as needs_restart,
    pending_restart
from pg_settings
where name in (
    'shared_buffers', 'effective_cache_size', 'work_mem', 'maintenance_work_mem', 'gin_pending_list_limit',
    'max_connections', 'wal_level', 'archive_mode', 'archive_command', 'archive_timeout', 'autovacuum',
    'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'random_page_cost'
)
order by name;
