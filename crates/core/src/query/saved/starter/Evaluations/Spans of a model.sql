-- answers: Which spans were made by a model, whichever way it was written down?
-- corrects: E9. The guide looks in metadata alone, where most writers put no model: that finds nothing and looks like an
--   index that is not used. Either form of the condition can use the GIN index.
-- parameters: model = gpt-4o
-- server: 12-
select id, span_id, trace_id, span_type, source, created_at, pg_column_size(span_data) as stored_bytes
from evaluation_spans
where span_data @> jsonb_build_object('model', :model::text)
    or span_data @> jsonb_build_object('metadata', jsonb_build_object('model', :model::text))
order by created_at desc, id desc
limit 100;
