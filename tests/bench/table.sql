-- A million rows of sixteen columns, two of them jsonb: what every measurement of results reads.
create table bench as
select n as id, md5(n::text) as a, md5((n * 7)::text) as b, n * 1.25 as c, now() + n * interval '1 s' as d,
       n % 2 = 0 as e, n * 3 as f, 'name ' || n as g, n::float8 / 7 as h, case when n % 10 <> 0 then n end as i,
       date '2020-01-01' + n % 2000 as j, (n % 1000)::int2 as k, repeat('x', n % 60) as l, n::text as m,
       jsonb_build_object('score', n % 100, 'tags', array['a', 'b'], 'model', 'm' || n % 7) as o,
       jsonb_build_object('tokens', n, 'cost', n / 1000.0, 'nested', jsonb_build_object('deep', md5(n::text))) as p
from generate_series(1, 1000000) n
