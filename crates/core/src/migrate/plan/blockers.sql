-- Who is in the way now. $1 = the relations of the plan, partitions included; $2 = whether something is built
-- concurrently, which waits for every older snapshot of this database; $3 = from how many seconds on a transaction is
-- long. Prepared transactions and an autovacuum against wraparound count at any age. PostgreSQL 12 to 18.
with held as (
  select l.pid, l.virtualtransaction, array_agg(l.relation::bigint order by l.relation, l.mode) as relations,
    array_agg(l.mode order by l.relation, l.mode) as modes
  from pg_locks as l
  where l.locktype = 'relation' and l.granted and l.pid is distinct from pg_backend_pid()
    and l.database = (select oid from pg_database where datname = current_database())
    and l.relation = any ($1::bigint[]::oid[])
  group by l.pid, l.virtualtransaction
)
select
  a.pid, a.usename::text as user_name, nullif(a.application_name, '') as application, a.state, null::text as gid,
  to_char(a.xact_start at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
  extract(epoch from clock_timestamp() - a.xact_start)::bigint as seconds,
  a.backend_type = 'autovacuum worker' as autovacuum,
  a.backend_type <> 'autovacuum worker' and a.backend_xmin is not null as snapshot,
  coalesce(h.relations, '{}') as relations, coalesce(h.modes, '{}') as modes
from pg_stat_activity as a
left join held as h on h.pid = a.pid
where a.datname = current_database() and a.pid <> pg_backend_pid()
  and (h.pid is not null or ($2 and a.backend_xmin is not null and a.backend_type <> 'autovacuum worker'))
  and case
    when a.backend_type = 'autovacuum worker' then a.query like '%(to prevent wraparound)%'
    else a.xact_start < clock_timestamp() - make_interval(secs => $3)
  end
union all
select
  null, p.owner::text, null, null, p.gid,
  to_char(p.prepared at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  extract(epoch from clock_timestamp() - p.prepared)::bigint, false, false, h.relations, h.modes
from pg_prepared_xacts as p
-- Its locks name no process, only the virtual transaction that its own id is locked by.
join pg_locks as x on x.locktype = 'transactionid' and x.granted and x.pid is null and x.transactionid = p.transaction
join held as h on h.pid is null and h.virtualtransaction = x.virtualtransaction
where p.database = current_database()
order by seconds desc nulls last
