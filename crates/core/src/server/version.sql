-- The version as a number to compare by and as the text to show.
select current_setting('server_version_num')::int, current_setting('server_version')
