-- answers: Would a search in span_data use its GIN index?
-- corrects: E9, E10. EXPLAIN ANALYZE executes what it explains; plain EXPLAIN does not. On a small table a sequential
--   scan is right and no sign of a missing index: the workbench's Explain shows what the planner would do without.
--   The plan says "Bitmap Index Scan on", not "using".
-- parameters: model = gpt-4o
-- server: 12-
explain
select id, span_id, span_type, created_at
from evaluation_spans
where span_data @> jsonb_build_object('model', :model::text);
