-- What a list of results leaves out of result $1. PostgreSQL 12 to 18.
select
    (select c.name from evaluation_configurations c where c.id = x.evaluation_configuration_id) as configuration_name,
    x.error_message,
    x.error_backtrace,
    to_char(x.started_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as started_at,
    to_char(x.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as updated_at
from evaluation_results x
where x.id = $1
