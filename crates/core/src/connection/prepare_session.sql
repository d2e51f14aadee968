-- The settings every session of ours begins with (12 and later; any role may set them).
-- Bytes stay text as the server writes them: dates ISO, intervals as PostgreSQL's own. Strings are read by the standard, as
-- all here reads them: where a database says otherwise, a backslash would end them elsewhere than the guard saw.
select
    set_config('statement_timeout', $1, false),
    set_config('lock_timeout', $2, false),
    set_config('idle_in_transaction_session_timeout', $3, false),
    set_config('default_transaction_read_only', $4, false),
    set_config('DateStyle', 'ISO, YMD', false),
    set_config('IntervalStyle', 'postgres', false),
    set_config('standard_conforming_strings', 'on', false)
