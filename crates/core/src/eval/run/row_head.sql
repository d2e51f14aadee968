-- The runs with the ids $1, in that order, with what their results come to. PostgreSQL 12 to 18.
-- $2 is the moment before which a running run counts as stuck.
with results as (
    select
        x.evaluation_run_id as run_id,
        max(x.updated_at) as results_changed_at,
