-- The statements that this transaction prepared: the session goes to others, and the names with it (12 and later).
-- The driver names its statements sqlx_s_N; what was prepared before the transaction is a stranger's.
do $$
declare
    held record;
begin
    for held in
        select p.name from pg_catalog.pg_prepared_statements p
        where p.name like 'sqlx\_s\_%' and p.prepare_time >= pg_catalog.now()
    loop
        execute pg_catalog.format('deallocate %I', held.name);
    end loop;
end
$$
