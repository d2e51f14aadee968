-- The first free id of each table: after the highest id and after the last value its sequence gave.
select
  greatest((select max(id) from evaluation_runs), pg_sequence_last_value(to_regclass($1)), 0) + 1 as runs,
  greatest((select max(id) from evaluation_spans), pg_sequence_last_value(to_regclass($2)), 0) + 1 as spans,
  greatest((select max(id) from evaluation_configurations), pg_sequence_last_value(to_regclass($3)), 0) + 1
    as configurations,
  greatest((select max(id) from evaluation_results), pg_sequence_last_value(to_regclass($4)), 0) + 1 as results,
  (select count(*) from (select from evaluation_runs limit 1000) as few) as runs_there
