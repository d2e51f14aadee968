-- sqlx: PostgreSQL takes a broken migration back whole, so success is false only by another hand. t is its table.
select version::text, description::text as name, case when success then 'applied' else 'failed' end as state,
  installed_on::text as applied_at, encode(checksum, 'hex') as checksum, null::text as note
from t
order by version
