-- golang-migrate: one row for where it stands, dirty while a migration runs and after one that broke off. t is its table.
select version::text, null::text as name, case when dirty then 'failed' else 'applied' end as state, null::text as applied_at,
  null::text as checksum, case when dirty then 'dirty: it broke off; golang-migrate refuses to go on until "migrate force" says what is there' end as note
from t
order by version
