-- Writes a version of ours down as up, whether or not its number was released before.
insert into evaldesk.migration_ledger (version, name, applied_at, baselined)
values ($1, $2, clock_timestamp(), $3)
on conflict (version) do update
set name = excluded.name, applied_at = excluded.applied_at, baselined = excluded.baselined;
