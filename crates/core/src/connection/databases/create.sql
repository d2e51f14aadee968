-- What a new database would meet: its name, who asks, its owner, its template. 12 and later.
-- $1 name, $2 owner (null: whoever asks), $3 template
select
    exists (select from pg_database where datname = $1) as taken,
    r.rolcreatedb or r.rolsuper as may_create,
    $2::text is null or exists (select from pg_roles where rolname = $2) as owner_exists,
    $2::text is null or coalesce(
        (select r.rolsuper or pg_has_role(current_user, o.oid, 'MEMBER') from pg_roles o where o.rolname = $2), false
    ) as may_give,
    t.datname is not null as template_exists,
    coalesce(t.datistemplate or r.rolsuper or pg_has_role(current_user, t.datdba, 'MEMBER'), false) as may_copy,
    coalesce((select count(*) from pg_stat_activity a where a.datid = t.oid and a.pid <> pg_backend_pid()), 0) as sessions,
    pg_encoding_to_char(t.encoding)::text as template_encoding
from pg_roles r
left join pg_database t on t.datname = $3
where r.rolname = current_user
