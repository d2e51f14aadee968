-- Versions of ours beside another tool's ledger.
select version, name, to_char(applied_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), baselined, released
from evaldesk.migration_ledger;
