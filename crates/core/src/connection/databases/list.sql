-- The databases of a server. 12 and later. A size needs the right to connect, or to read all statistics.
-- Columns that came later (datlocprovider in 15, daticulocale and then datlocale) are taken by their names.
select
    d.datname::text as name,
    pg_get_userbyid(d.datdba)::text as owner,
    pg_encoding_to_char(d.encoding)::text as encoding,
    case coalesce(to_jsonb(d) ->> 'datlocprovider', 'c')
        when 'c' then 'libc' when 'i' then 'icu' when 'b' then 'builtin' else to_jsonb(d) ->> 'datlocprovider'
    end as provider,
    coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale', d.datcollate::text) as locale,
    d.datistemplate as template,
    d.datallowconn as allows_connections,
    d.datconnlimit as connection_limit,
    has_database_privilege(d.oid, 'CONNECT') as may_connect,
    case
        when has_database_privilege(d.oid, 'CONNECT') or pg_has_role(current_user, 'pg_read_all_stats', 'MEMBER')
        then pg_database_size(d.oid)
    end as bytes,
    (select count(*) from pg_stat_activity a where a.datid = d.oid) as sessions,
    shobj_description(d.oid, 'pg_database') as comment,
    d.datname = current_database() as current
from pg_database d
order by d.datistemplate, d.datname
