-- Rails and dbmate: a version is a row, and that is all they know. t is its table.
select version::text, null::text as name, 'applied' as state, null::text as applied_at, null::text as checksum, null::text as note
from t
order by length(ltrim(version, '0')), version
