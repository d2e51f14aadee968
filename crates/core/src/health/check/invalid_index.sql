-- Indexes that are not valid, and whether one is being built on the table now. PostgreSQL 12 to 18.
select
    n.nspname::text as schema,
    t.relname::text as table_name,
    x.relname::text as name,
    pg_relation_size(x.oid) as bytes,
    exists (select from pg_stat_progress_create_index p where p.relid = t.oid) as building
from pg_index i
join pg_class x on x.oid = i.indexrelid
join pg_class t on t.oid = i.indrelid
join pg_namespace n on n.oid = t.relnamespace
where not i.indisvalid and x.relkind = 'i' and n.nspname !~ '^pg_(temp|toast_temp)'
order by bytes desc, name
