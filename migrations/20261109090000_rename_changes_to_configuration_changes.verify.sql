-- The new name is there and the old one is gone.

select 'evaluation_configurations has no column configuration_changes' as problem, 'conflict' as weight
where not exists (
  select from pg_attribute
  where attrelid = to_regclass('evaluation_configurations') and attname = 'configuration_changes' and not attisdropped
)
union all
select 'evaluation_configurations still has a column changes', 'conflict'
where exists (
  select from pg_attribute
  where attrelid = to_regclass('evaluation_configurations') and attname = 'changes' and not attisdropped
);
