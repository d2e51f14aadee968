-- What a session learns about its server. 12 and later; no privilege needed. The predefined roles are those that open what
-- is closed to everybody: not every major has all of them.
select
    current_database()::text as database,
    pg_encoding_to_char(d.encoding)::text as encoding,
    current_user::text as role,
    r.rolsuper as superuser,
    has_database_privilege(current_database(), 'CREATE') as may_create,
    coalesce((select array_agg(e.extname || ' ' || e.extversion order by e.extname) from pg_extension e), '{}') as extensions,
    (select s.version from pg_stat_ssl s where s.pid = pg_backend_pid() and s.ssl) as tls,
    pg_is_in_recovery() as in_recovery,
    clock_timestamp() as clock,
    coalesce((
        select array_agg(p.rolname::text order by p.rolname)
        from pg_roles p
        where p.rolname in ('pg_monitor', 'pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables',
                            'pg_read_all_data', 'pg_write_all_data', 'pg_signal_backend', 'pg_maintain', 'pg_checkpoint')
            and not r.rolsuper
            and pg_has_role(current_user, p.oid, 'member')
    ), '{}') as roles
from pg_database d
join pg_roles r on r.rolname = current_user
where d.datname = current_database()
