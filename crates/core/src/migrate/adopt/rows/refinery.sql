-- refinery: forward only; applied_on and the checksum are text. t is its table.
select version::text, name::text as name, 'applied' as state, applied_on::text as applied_at, checksum::text as checksum,
  null::text as note
from t
order by version
