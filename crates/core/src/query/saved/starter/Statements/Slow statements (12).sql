-- answers: Which statements on this database took the most time?
-- corrects: E40. The view holds every database, and in LIKE an underscore is any letter.
-- needs: pg_stat_statements
-- server: 12-12
select
    calls,
    round(total_time::numeric, 1) as total_ms,
    round(mean_time::numeric, 2) as mean_ms,
    round(max_time::numeric, 1) as max_ms,
    rows,
    query
from pg_stat_statements
where dbid = (select oid from pg_database where datname = current_database())
    and query like '%evaluation\_%'
order by total_time desc
limit 20;
