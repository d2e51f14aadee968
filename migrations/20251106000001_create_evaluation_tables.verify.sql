-- The four tables by their columns and types, foreign keys and indexes by what they cover: names are free,
-- since Rails names indexes otherwise, and newer RAAF calls "changes" "configuration_changes". A partitioned table of
-- the same columns is as good; what its keys cannot hold any more is worth attention.

with expected (table_name, column_names, type) as (
  values
    ('evaluation_runs', array['id'], 'bigint'::regtype),
    ('evaluation_runs', array['name'], 'varchar'),
    ('evaluation_runs', array['description'], 'text'),
    ('evaluation_runs', array['status'], 'varchar'),
    ('evaluation_runs', array['baseline_span_id'], 'varchar'),
    ('evaluation_runs', array['initiated_by'], 'varchar'),
    ('evaluation_runs', array['metadata'], 'jsonb'),
    ('evaluation_runs', array['started_at'], 'timestamp'),
    ('evaluation_runs', array['completed_at'], 'timestamp'),
    ('evaluation_runs', array['created_at'], 'timestamp'),
    ('evaluation_runs', array['updated_at'], 'timestamp'),
    ('evaluation_spans', array['id'], 'bigint'),
    ('evaluation_spans', array['span_id'], 'varchar'),
    ('evaluation_spans', array['trace_id'], 'varchar'),
    ('evaluation_spans', array['parent_span_id'], 'varchar'),
    ('evaluation_spans', array['span_type'], 'varchar'),
    ('evaluation_spans', array['span_data'], 'jsonb'),
    ('evaluation_spans', array['source'], 'varchar'),
    ('evaluation_spans', array['evaluation_run_id'], 'bigint'),
    ('evaluation_spans', array['created_at'], 'timestamp'),
    ('evaluation_spans', array['updated_at'], 'timestamp'),
    ('evaluation_configurations', array['id'], 'bigint'),
    ('evaluation_configurations', array['evaluation_run_id'], 'bigint'),
    ('evaluation_configurations', array['name'], 'varchar'),
    ('evaluation_configurations', array['configuration_type'], 'varchar'),
    ('evaluation_configurations', array['changes', 'configuration_changes'], 'jsonb'),
    ('evaluation_configurations', array['execution_order'], 'integer'),
    ('evaluation_configurations', array['metadata'], 'jsonb'),
    ('evaluation_configurations', array['created_at'], 'timestamp'),
    ('evaluation_configurations', array['updated_at'], 'timestamp'),
    ('evaluation_results', array['id'], 'bigint'),
    ('evaluation_results', array['evaluation_run_id'], 'bigint'),
    ('evaluation_results', array['evaluation_configuration_id'], 'bigint'),
    ('evaluation_results', array['result_span_id'], 'varchar'),
    ('evaluation_results', array['status'], 'varchar'),
    ('evaluation_results', array['token_metrics'], 'jsonb'),
    ('evaluation_results', array['latency_metrics'], 'jsonb'),
    ('evaluation_results', array['accuracy_metrics'], 'jsonb'),
    ('evaluation_results', array['structural_metrics'], 'jsonb'),
    ('evaluation_results', array['ai_comparison'], 'jsonb'),
    ('evaluation_results', array['ai_comparison_status'], 'varchar'),
    ('evaluation_results', array['statistical_analysis'], 'jsonb'),
    ('evaluation_results', array['custom_metrics'], 'jsonb'),
    ('evaluation_results', array['baseline_comparison'], 'jsonb'),
    ('evaluation_results', array['error_message'], 'text'),
    ('evaluation_results', array['error_backtrace'], 'text'),
    ('evaluation_results', array['started_at'], 'timestamp'),
    ('evaluation_results', array['completed_at'], 'timestamp'),
    ('evaluation_results', array['created_at'], 'timestamp'),
    ('evaluation_results', array['updated_at'], 'timestamp')
)
select format('table %s is missing', table_name) as problem, 'conflict' as weight
from (select distinct table_name from expected) as tables
where to_regclass(table_name) is null
union all
select
  case when a.attname is null
    then format('column %s.%s is missing', e.table_name, e.column_names[1])
    else format('column %s.%s is %s, not %s', e.table_name, a.attname, format_type(a.atttypid, a.atttypmod), e.type)
  end,
  'conflict'
from expected as e
left join pg_attribute as a
  on a.attrelid = to_regclass(e.table_name) and a.attname = any (e.column_names)
  and a.attnum > 0 and not a.attisdropped
where to_regclass(e.table_name) is not null and a.atttypid is distinct from e.type::oid;

-- The key of a partitioned table must hold the partition key: then id alone is not unique any more.
select
  case when p.partrelid is null then format('%s has no primary key (id)', t.table_name)
    else format('the primary key of %s is (%s): it must hold the partition key, and id alone is unique no longer',
      t.table_name, coalesce(k.column_names, 'missing'))
  end as problem,
  'attention' as weight
from (values ('evaluation_runs'), ('evaluation_spans'), ('evaluation_configurations'), ('evaluation_results')) as t (table_name)
left join pg_partitioned_table as p on p.partrelid = to_regclass(t.table_name)
left join lateral (
  select string_agg(a.attname, ', ' order by n.place) as column_names
  from pg_constraint as c
  cross join unnest(c.conkey) with ordinality as n (attnum, place)
  join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = n.attnum
  where c.conrelid = to_regclass(t.table_name) and c.contype = 'p'
) as k on true
where to_regclass(t.table_name) is not null and k.column_names is distinct from 'id';

with expected (table_name, column_name, target) as (
  values
    ('evaluation_spans', 'evaluation_run_id', 'evaluation_runs'),
    ('evaluation_configurations', 'evaluation_run_id', 'evaluation_runs'),
    ('evaluation_results', 'evaluation_run_id', 'evaluation_runs'),
    ('evaluation_results', 'evaluation_configuration_id', 'evaluation_configurations')
)
select
  format('no foreign key from %s.%s to %s', e.table_name, e.column_name, e.target)
    || case when exists (select from pg_partitioned_table where partrelid = to_regclass(e.target))
      then ', which is partitioned: nothing can point at its id without the partition key' else '' end as problem,
  'attention' as weight
from expected as e
where to_regclass(e.table_name) is not null and not exists (
  select from pg_constraint as c
  join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
  where c.contype = 'f' and c.conrelid = to_regclass(e.table_name) and c.confrelid = to_regclass(e.target)
    and cardinality(c.conkey) = 1 and a.attname = e.column_name
);

with expected (table_name, method, column_names, is_unique) as (
  values
    ('evaluation_runs', 'btree', array['name'], false),
    ('evaluation_runs', 'btree', array['status'], false),
    ('evaluation_runs', 'btree', array['created_at'], false),
    ('evaluation_runs', 'btree', array['baseline_span_id'], false),
    ('evaluation_runs', 'gin', array['metadata'], false),
    ('evaluation_spans', 'btree', array['span_id'], true),
    ('evaluation_spans', 'btree', array['trace_id'], false),
    ('evaluation_spans', 'btree', array['parent_span_id'], false),
    ('evaluation_spans', 'btree', array['span_type'], false),
    ('evaluation_spans', 'gin', array['span_data'], false),
    ('evaluation_spans', 'btree', array['trace_id', 'parent_span_id'], false),
    ('evaluation_configurations', 'btree', array['evaluation_run_id', 'execution_order'], false),
    ('evaluation_configurations', 'btree', array['configuration_type'], false),
    ('evaluation_configurations', 'gin', array['changes'], false),
    ('evaluation_results', 'btree', array['status'], false),
    ('evaluation_results', 'btree', array['result_span_id'], false),
    ('evaluation_results', 'btree', array['evaluation_run_id', 'status'], false),
    ('evaluation_results', 'gin', array['token_metrics'], false),
    ('evaluation_results', 'gin', array['ai_comparison'], false),
    ('evaluation_results', 'gin', array['baseline_comparison'], false)
),
present as (
  select
    i.indrelid,
    am.amname as method,
    i.indisunique as is_unique,
    array(
      select case a.attname when 'configuration_changes' then 'changes' else a.attname::text end
      from unnest(i.indkey) with ordinality as k (attnum, place)
      join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
      order by k.place
    ) as column_names
  from pg_index as i
  join pg_class as c on c.oid = i.indexrelid
  join pg_am as am on am.oid = c.relam
  where i.indisvalid and i.indpred is null
)
select
  format('no valid %s%s index on %s (%s)', case when e.is_unique then 'unique ' else '' end, e.method, e.table_name,
    array_to_string(e.column_names, ', '))
    || case when e.is_unique and exists (select from pg_partitioned_table where partrelid = to_regclass(e.table_name))
      then ': unique it can be only together with the partition key' else '' end as problem,
  'attention' as weight
from expected as e
where to_regclass(e.table_name) is not null and not exists (
  select from present as p
  where p.indrelid = to_regclass(e.table_name) and p.method = e.method and p.column_names = e.column_names
    and (p.is_unique or not e.is_unique)
);
