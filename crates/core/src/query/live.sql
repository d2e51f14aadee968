;
-- What a tab's session is known by on its server (12 and later). A database in SQL_ASCII checks what it sends against the
-- client's encoding, and would refuse the bytes that it holds: there the client takes them as they are.
select
    pg_backend_pid(),
    coalesce(a.backend_start::text, ''),
    case when current_setting('server_encoding') = 'SQL_ASCII' then set_config('client_encoding', 'SQL_ASCII', false) end
from (select) own
left join pg_stat_activity a on a.pid = pg_backend_pid()
