-- The number in schema_migrations is another's. Ours is baselined where its objects are there, else not up.
insert into evaldesk.migration_ledger (version, name, applied_at, baselined, released)
values ($1, $2, case when $3 then clock_timestamp() end, $3, true)
on conflict (version) do update set released = true;
