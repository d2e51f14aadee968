-- Sqitch: changes that are deployed, by the id that sums them up; who was reverted is no row any more. t is its table.
select change_id::text as version, change::text as name, 'applied' as state, committed_at::text as applied_at,
  to_jsonb(t) ->> 'script_hash' as checksum, project::text as note
from t
order by committed_at
