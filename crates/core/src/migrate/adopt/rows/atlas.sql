-- Atlas: how many statements of a file ran; its own marker begins with a dot. t is its table.
select version::text, description::text as name,
  case when coalesce(error, '') = '' and applied >= total then 'applied' else 'failed' end as state,
  executed_at::text as applied_at, hash::text as checksum,
  case when applied < total then format('%s of %s statements', applied, total) end as note
from t
where version not like '.%' order by version
