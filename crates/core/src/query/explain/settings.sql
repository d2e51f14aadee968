-- Settings of the session that the rules reason with. PostgreSQL 12 to 18; hash_mem_multiplier is of 13.
select
    current_setting('block_size')::bigint as block_size,
    pg_size_bytes(current_setting('work_mem')) as work_mem,
    coalesce(current_setting('hash_mem_multiplier', true), '1')::float8 as hash_mem_multiplier,
    current_setting('random_page_cost')::float8 as random_page_cost,
    current_setting('seq_page_cost')::float8 as seq_page_cost,
    pg_size_bytes(current_setting('min_parallel_table_scan_size')) as parallel_scan_bytes,
    (
        select n.nspname::text
        from pg_extension e
        join pg_namespace n on n.oid = e.extnamespace
        where e.extname = 'hypopg'
    ) as hypopg
