-- answers: Does autovacuum keep up, table by table?
-- corrects: E13. A daily VACUUM by hand is autovacuum's job. Where it does not keep up, it is tuned for that table.
-- server: 12-
select
    s.schemaname as schema,
    s.relname as table,
    s.last_autovacuum,
    s.last_vacuum,
    s.last_autoanalyze,
    s.last_analyze,
    s.n_mod_since_analyze as changed_since_analyze,
    c.reloptions as settings_of_its_own
from pg_stat_user_tables s
join pg_class c on c.oid = s.relid
order by greatest(s.last_vacuum, s.last_autovacuum) nulls first, s.schemaname, s.relname;
