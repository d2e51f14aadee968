-- Whether this role sees what the sessions of others do, and what is known of the server's place.
select
  coalesce((select rolsuper from pg_roles where rolname = current_user), false)
    or pg_has_role('pg_read_all_stats', 'usage') as sees_all,
  current_database()::text as database,
  (select setting from pg_settings where name = 'data_directory') as data_directory,
  extract(epoch from pg_postmaster_start_time())::bigint as started
