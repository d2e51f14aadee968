-- evaldesk: no-transaction
-- evaldesk: requires 20251106000001
-- Lists of runs page by (created_at, id): the id breaks ties, and rows that a bulk load gave one time keep an order.
-- "if not exists": RAAF's own migration makes an index of this name where Rails set the database up.
-- evaldesk: accept build-skips-invalid-index because the plan drops an invalid one first, and verify looks at what stands there

create index concurrently if not exists index_evaluation_runs_on_created_at_and_id on evaluation_runs (created_at, id);
