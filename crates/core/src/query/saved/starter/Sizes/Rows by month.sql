-- answers: How many results and spans came in each month, and which partitions would hold them?
-- corrects: E30, E35. Partitions are for tables larger than memory, or for data that leaves by month; the guide makes
--   two, and the copy stops at the first row that fits neither.
-- server: 12-
select 'evaluation_results' as table, date_trunc('month', created_at)::date as month, count(*) as rows
from evaluation_results
group by 2
union all
select 'evaluation_spans', date_trunc('month', created_at)::date, count(*)
from evaluation_spans
group by 2
order by 1, 2;
