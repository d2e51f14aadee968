-- evaldesk: no-transaction
-- evaldesk: requires 20251106000001
-- The spans of a run, and every delete of a run, read the whole table without it.
-- "if not exists": RAAF's own migration makes an index of this name where Rails set the database up.
-- evaldesk: accept build-skips-invalid-index because the plan drops an invalid one first, and verify looks at what stands there

create index concurrently if not exists index_evaluation_spans_on_evaluation_run_id on evaluation_spans (evaluation_run_id);
