-- evaldesk: no-transaction
-- evaldesk: requires 20251106000001
-- Spans by age: archiving, retention and the span browser's order.
-- "if not exists": RAAF's own migration makes an index of this name where Rails set the database up.
-- evaldesk: accept build-skips-invalid-index because the plan drops an invalid one first, and verify looks at what stands there

create index concurrently if not exists index_evaluation_spans_on_created_at_and_id on evaluation_spans (created_at, id);
