-- What an export's transaction begins with (12 and later): values as every file has them. A database in
-- SQL_ASCII checks what it sends against the client's encoding and ends a statement over bytes that are no UTF-8; as
-- SQL_ASCII it sends them as it has them.
set local statement_timeout = 0;
set local datestyle = 'ISO, MDY';
set local intervalstyle = 'postgres';
set local timezone = 'UTC';
set local bytea_output = 'hex';
select
    pg_backend_pid(),
    now()::text,
    case when current_setting('server_encoding') = 'SQL_ASCII' then set_config('client_encoding', 'SQL_ASCII', true) end
