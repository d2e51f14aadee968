-- What is known of the tables to be vacuumed ($1 = schemas, null for "as the search path finds it"; $2 = names), and
-- whether this role may: without the right, the server only warns and skips. MAINTAIN is a privilege from 17 on.
-- PostgreSQL 12 to 18.
select
  coalesce(wanted.schema, n.nspname::text) as schema,
  wanted.name,
  c.relkind::text as kind,
  coalesce(
    (select rolsuper from pg_roles where rolname = current_user)
      or pg_has_role(c.relowner, 'usage')
      or (not c.relisshared and pg_has_role((select datdba from pg_database where datname = current_database()), 'usage'))
      or case
        when current_setting('server_version_num')::int >= 170000 then has_table_privilege(c.oid, 'MAINTAIN')
        else false
      end,
    false
  ) as permitted,
  pg_get_userbyid(c.relowner)::text as owner,
  greatest(s.n_live_tup, 0) as live_rows,
  greatest(s.n_dead_tup, 0) as dead_rows,
  coalesce(
    (select sum(pg_total_relation_size(relid))::bigint from pg_partition_tree(c.oid)),
    pg_total_relation_size(c.oid)
  ) as bytes,
  to_char(greatest(s.last_vacuum, s.last_autovacuum) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_vacuum,
  to_char(greatest(s.last_analyze, s.last_autoanalyze) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_analyze,
  (select p.pid from pg_stat_progress_vacuum as p where p.relid = c.oid and p.datname = current_database() limit 1)
    as vacuumed_by
from unnest($1::text[], $2::text[]) with ordinality as wanted (schema, name, place)
left join pg_class as c on c.oid = case
  when wanted.schema is null then to_regclass(quote_ident(wanted.name))
  else to_regclass(quote_ident(wanted.schema) || '.' || quote_ident(wanted.name))
end
left join pg_namespace as n on n.oid = c.relnamespace
left join pg_stat_all_tables as s on s.relid = c.oid
order by wanted.place
