-- The newest entries, all of them or those of one version. The text of files is left out where nobody asked for it.
select id, version, name, direction, transactional,
  case when $4 then scripts else coalesce((
    select jsonb_agg(script - 'sql' order by place) from jsonb_array_elements(scripts) with ordinality as s (script, place)
  ), '[]') end as scripts,
  statements_total, statements_done, statement_open, lock_trace, fingerprint_before, fingerprint_after,
  to_char(started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as started,
  to_char(finished_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as finished,
  (extract(epoch from finished_at - started_at) * 1000)::bigint as elapsed_ms,
  outcome, error, note, continues, app_version, db_user, os_user, host, backend_pid
from evaldesk.migration_log
where ($1::text is null or version = $1) and ($2::uuid is null or id = $2)
order by started_at desc, id desc
limit $3;
