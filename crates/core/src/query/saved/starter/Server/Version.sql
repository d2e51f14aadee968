-- answers: Which PostgreSQL does this server run?
-- corrects: E1, E2. psql --version is the client. 12 and 13 are out of support.
-- server: 12-
select
    current_setting('server_version') as version,
    current_setting('server_version_num')::int / 10000 as major,
    pg_postmaster_start_time() as started,
    current_database() as database,
    current_user as role;
