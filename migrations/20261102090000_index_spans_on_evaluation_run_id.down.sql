-- evaldesk: no-transaction
-- Takes the index away without stopping anybody; the rows stay.

drop index concurrently if exists index_evaluation_spans_on_evaluation_run_id;
