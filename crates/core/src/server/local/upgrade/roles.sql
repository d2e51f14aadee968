-- The statements that make the roles of this cluster again, memberships and role settings after all roles.
with own as (
  select *
  from pg_authid
  where rolname !~ '^pg_' and rolname <> current_user
), statements as (
  select 1 as step, rolname as name,
    format(
      'create role %I with %s %s %s %s %s %s %s connection limit %s%s%s',
      rolname,
      case when rolsuper then 'superuser' else 'nosuperuser' end,
      case when rolinherit then 'inherit' else 'noinherit' end,
      case when rolcreaterole then 'createrole' else 'nocreaterole' end,
      case when rolcreatedb then 'createdb' else 'nocreatedb' end,
      case when rolcanlogin then 'login' else 'nologin' end,
      case when rolreplication then 'replication' else 'noreplication' end,
      case when rolbypassrls then 'bypassrls' else 'nobypassrls' end,
      rolconnlimit,
      case when rolpassword is null then '' else format(' password %L', rolpassword) end,
      case when rolvaliduntil is null then '' else format(' valid until %L', rolvaliduntil) end
    ) as statement
  from own
  union
  select 2, member.rolname,
    format('grant %I to %I%s', granted.rolname, member.rolname,
      case when m.admin_option then ' with admin option' else '' end)
  from pg_auth_members m
  join pg_roles granted on granted.oid = m.roleid
  join pg_roles member on member.oid = m.member
  where member.rolname !~ '^pg_'
  union
  select 3, r.rolname,
    -- Settings that are lists of names are stored quoted as they must be typed.
    format(
      case when setting ~ '^(search_path|temp_tablespaces|(local|session|shared)_preload_libraries)='
        then 'alter role %I set %I to %s' else 'alter role %I set %I to %L' end,
      r.rolname, split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1)
    )
  from pg_db_role_setting s
  join pg_roles r on r.oid = s.setrole
  cross join unnest(s.setconfig) as setting
  where s.setdatabase = 0
)
select statement
from statements
order by step, name
