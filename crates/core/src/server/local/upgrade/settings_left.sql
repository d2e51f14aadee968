-- What ALTER SYSTEM set, as the user would type it again.
select format('%s = %s', name, setting)
from pg_file_settings
where sourcefile like '%postgresql.auto.conf'
order by seqno
