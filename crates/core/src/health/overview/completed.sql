-- The share of completed among the results that ended, in percent. PostgreSQL 12 to 18.
select 100.0::float8 * count(*) filter (where x.status = 'completed') / nullif(count(*), 0)
from evaluation_results x
where x.status in ('completed', 'failed')
