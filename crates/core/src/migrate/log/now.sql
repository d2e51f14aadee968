-- The server's time, and who asks.
select clock_timestamp() as at, session_user::text as user_name, pg_backend_pid() as pid;
