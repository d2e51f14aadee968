-- answers: How many connections are there, whose, and how many may there be?
-- corrects: E44, E45. Only client backends count, and max_connections is a setting, no column. A larger pool makes
--   "too many connections" worse: find what holds them first.
-- server: 12-
select
    coalesce(datname, '(none)') as database,
    usename as role,
    application_name as application,
    coalesce(state, '(not shown)') as state,
    count(*) as connections,
    sum(count(*)) over () as all_connections,
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as for_ordinary_roles
from pg_stat_activity
where backend_type = 'client backend'
group by 1, 2, 3, 4
order by connections desc, 1, 2, 3, 4;
