    ) m
    -- By both keys: the index on (evaluation_run_id, status) serves where the configuration's own is missing.
    where x.evaluation_run_id = c.evaluation_run_id and x.evaluation_configuration_id = c.id
) g on true
where c.evaluation_run_id = $1
order by c.execution_order nulls last, c.id
