-- answers: Which statements on this database took the most time?
-- corrects: E40. From 13 the columns are total_exec_time and its kin; the guide's names are those of 12. The view holds
--   every database, and in LIKE an underscore is any letter.
-- needs: pg_stat_statements
-- server: 13-
select
    calls,
    round(total_exec_time::numeric, 1) as total_ms,
    round(mean_exec_time::numeric, 2) as mean_ms,
    round(max_exec_time::numeric, 1) as max_ms,
    rows,
    query
from pg_stat_statements
where dbid = (select oid from pg_database where datname = current_database())
    and query like '%evaluation\_%'
order by total_exec_time desc
limit 20;
