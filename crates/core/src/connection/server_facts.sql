-- What a session learns about its server. 12 and later; no privilege needed.
select
    current_database()::text as database,
    pg_encoding_to_char(d.encoding)::text as encoding,
    current_user::text as role,
    r.rolsuper as superuser,
    has_database_privilege(current_database(), 'CREATE') as may_create,
    coalesce((select array_agg(e.extname || ' ' || e.extversion order by e.extname) from pg_extension e), '{}') as extensions,
    (select s.version from pg_stat_ssl s where s.pid = pg_backend_pid() and s.ssl) as tls,
    pg_is_in_recovery() as in_recovery
from pg_database d
join pg_roles r on r.rolname = current_user
where d.datname = current_database()
