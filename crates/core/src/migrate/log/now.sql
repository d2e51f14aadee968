-- The server's time, and who asks.
select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
  session_user::text as user_name, pg_backend_pid() as pid;
