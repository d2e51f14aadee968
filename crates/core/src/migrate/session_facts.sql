-- What decides whether a session may migrate. A session of ours sets default_transaction_read_only itself: reset_val is
-- what server, database and role say of it.
select
  pg_backend_pid() as pid,
  current_database()::text as database,
  pg_is_in_recovery() as standby,
  current_setting('synchronous_commit') = 'off' as forgetful,
  (select reset_val = 'on' from pg_settings where name = 'default_transaction_read_only') as read_only;
