-- Begins an entry. The server's clock is the log's: two machines may not agree on the time.
insert into evaldesk.migration_log (
  id, version, name, direction, transactional, scripts, statements_total, statements_done,
  fingerprint_before, note, continues, app_version, os_user, host, db_user, backend_pid
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, session_user, pg_backend_pid());
