) x
left join evaluation_configurations c on c.id = x.evaluation_configuration_id
left join lateral (
    select
        true as found,
        coalesce(
            said.message #>> '{content,0,text}',
            case when jsonb_typeof(said.message -> 'content') = 'string' then said.message ->> 'content' end,
            s.span_data #>> '{metadata,output}',
            case when jsonb_typeof(s.span_data -> 'output') = 'string' then s.span_data ->> 'output' end
        ) as output
    from evaluation_spans s
    cross join lateral (
        select coalesce(
            jsonb_path_query_array(s.span_data, '$.output_messages[*] ? (@.role == "assistant" && (@.content.type() == "array" || @.content like_regex "."))') -> -1,
            jsonb_path_query_array(s.span_data, '$.metadata.messages[*] ? (@.role == "assistant" && (@.content.type() == "array" || @.content like_regex "."))') -> -1
        ) as message
    ) said
    where s.span_id = x.result_span_id
    limit 1
) o on true
cross join lateral (
