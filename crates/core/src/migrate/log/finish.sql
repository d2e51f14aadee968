-- Ends an entry, once: who ends it again changes nothing.
update evaldesk.migration_log
set outcome = $2, error = $3, fingerprint_after = $4, lock_trace = $5, finished_at = clock_timestamp(),
  statements_done = case when $2 = 'done' then statements_total else statements_done end,
  statement_open = case when $2 = 'done' then null else statement_open end
where id = $1 and outcome = 'running';
