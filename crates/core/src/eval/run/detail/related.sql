-- Other runs about the baseline span $1 than run $2, newest first. PostgreSQL 12 to 18.
select
    r.id,
    r.name,
    r.status,
    to_char(r.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_at
from evaluation_runs r
where r.baseline_span_id = $1 and r.id <> $2
order by r.created_at desc, r.id desc
limit 20
