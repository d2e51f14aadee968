-- evaldesk: no-transaction
-- Takes the index away without stopping anybody; the rows stay.

drop index concurrently if exists index_evaluation_runs_on_created_at_and_id;
