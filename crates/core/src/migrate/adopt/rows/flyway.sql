-- Flyway: a row a run. Undo and delete are rows of their own; a repeatable script has no version. t is its table.
select coalesce(version, 'R ' || script)::text as version, description::text as name,
  case when type like 'UNDO%' or type = 'DELETE' then 'reverted' when success then 'applied' else 'failed' end as state,
  installed_on::text as applied_at, checksum::text as checksum, (type || ' ' || script)::text as note
from t
order by installed_rank
