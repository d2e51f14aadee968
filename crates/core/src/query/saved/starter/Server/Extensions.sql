-- answers: Which extensions are installed, which could be, and is any of them behind?
-- corrects: E3. RAAF Eval needs none of those that the guide enables: its keys are bigserial, and gen_random_uuid() is
--   part of the server from 13 on.
-- server: 12-
select name, installed_version, default_version, installed_version <> default_version as behind, comment
from pg_available_extensions
order by installed_version is null, name;
