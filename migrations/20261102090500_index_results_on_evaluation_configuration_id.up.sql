-- evaldesk: no-transaction
-- evaldesk: requires 20251106000001
-- The results of a configuration, and every delete of one, read the whole table without it.
-- "if not exists": RAAF's own migration makes an index of this name where Rails set the database up.
-- evaldesk: accept build-skips-invalid-index because the plan drops an invalid one first, and verify looks at what stands there

create index concurrently if not exists index_evaluation_results_on_evaluation_configuration_id on evaluation_results (evaluation_configuration_id);
