-- The table locks of this session, catalogs left out: sent in one message with the statement that took them.
select format('%s', l.relation::regclass) as evaldesk_relation, l.mode as evaldesk_mode
from pg_locks as l
where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.granted and l.relation >= 16384;
