insert into evaldesk.migration_ledger (version, name, applied_at, baselined, released)
values ($1, $2, case when $3::boolean then clock_timestamp() end, $3::boolean, true)
on conflict (version) do update set released = true
