;
-- What a tab's session is known by on its server (12 and later).
select pg_backend_pid(), coalesce(a.backend_start::text, '')
from (select) own
left join pg_stat_activity a on a.pid = pg_backend_pid()
