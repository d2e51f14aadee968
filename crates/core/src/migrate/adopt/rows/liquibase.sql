-- Liquibase: a change set goes by its id, its author and its file. t is its table.
select concat_ws('::', filename, id, author) as version, to_jsonb(t) ->> 'description' as name,
  case when exectype in ('EXECUTED', 'RERAN', 'MARK_RAN') then 'applied' else 'failed' end as state,
  dateexecuted::text as applied_at, md5sum::text as checksum, nullif(exectype, 'EXECUTED')::text as note
from t
order by orderexecuted, dateexecuted
