-- What dies with a database, and what stands in its way. 12 and later. $1 name
select
    d.oid::int8 as oid,
    pg_get_userbyid(d.datdba)::text as owner,
    d.datistemplate as template,
    case
        when has_database_privilege(d.oid, 'CONNECT') or pg_has_role(current_user, 'pg_read_all_stats', 'MEMBER')
        then pg_database_size(d.oid)
    end as bytes,
    r.rolsuper or pg_has_role(current_user, d.datdba, 'MEMBER') as may_drop,
    (select count(*) from pg_prepared_xacts p where p.database = d.datname) as prepared,
    (select count(*) from pg_replication_slots s where s.database = d.datname) as slots,
    (select count(*) from pg_subscription s where s.subdbid = d.oid) as subscriptions
from pg_database d
join pg_roles r on r.rolname = current_user
where d.datname = $1
