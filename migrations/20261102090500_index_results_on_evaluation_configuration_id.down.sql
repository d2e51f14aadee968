-- evaldesk: no-transaction
-- Takes the index away without stopping anybody; the rows stay.

drop index concurrently if exists index_evaluation_results_on_evaluation_configuration_id;
