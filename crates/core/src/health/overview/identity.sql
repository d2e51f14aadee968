-- Which database this is and who we are in it. PostgreSQL 12 to 18.
select
    current_database()::text as database,
    current_user::text as role,
    coalesce((select r.rolsuper from pg_roles r where r.rolname = current_user), false) as superuser,
    current_setting('transaction_read_only') = 'on' as read_only,
    case
        when has_database_privilege(current_database(), 'connect') then pg_database_size(current_database())
    end as size_bytes
