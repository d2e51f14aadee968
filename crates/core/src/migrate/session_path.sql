-- A role that is called as our own schema is would find that schema first, by "$user", and make its tables in there.
select set_config('search_path', coalesce(nullif(btrim(regexp_replace(current_setting('search_path'), '"\$user"', ''), ', '), ''), 'public'), false)
where current_user = 'evaldesk';
