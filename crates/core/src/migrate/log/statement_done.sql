-- So many statements are done. Never fewer than before: the same step may be written twice.
update evaldesk.migration_log
set statements_done = greatest(statements_done, $2), statement_open = null
where id = $1;
