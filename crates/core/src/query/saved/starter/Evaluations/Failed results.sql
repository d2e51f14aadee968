-- answers: Why did results fail, and how often for each reason?
-- corrects: E14. A run keeps no error of its own: the reason is with its results, to be read before they are deleted.
-- server: 12-
select
    coalesce(left(error_message, 200), '(no message)') as error,
    count(*) as results,
    count(distinct evaluation_run_id) as runs,
    max(created_at) as newest
from evaluation_results
where status = 'failed'
group by 1
order by results desc, 1;
