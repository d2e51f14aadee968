insert into evaldesk.migration_ledger (version, name, applied_at, baselined)
values ($1, $2, clock_timestamp(), $3::boolean)
on conflict (version) do update
set name = excluded.name, applied_at = excluded.applied_at, baselined = excluded.baselined
