-- Version 1 of the schema that Evaldesk keeps in a database with its owner's consent: its own version, the ledger of
-- versions that another tool's schema_migrations should not hold, and the log of migrations.
create schema evaldesk;

comment on schema evaldesk is 'Made by Evaldesk with consent: its ledger and log of migrations. Nothing of the application is here.';

create table evaldesk.schema_version (
  version integer not null primary key,
  made_at timestamptz not null default now()
);

-- Without applied_at a version is not up: the row says that the same number in schema_migrations is another's.
create table evaldesk.migration_ledger (
  version text not null primary key,
  name text not null,
  applied_at timestamptz,
  baselined boolean not null default false,
  released boolean not null default false
);

create table evaldesk.migration_log (
  id uuid not null primary key,
  version text not null,
  name text not null,
  direction text not null,
  transactional boolean not null,
  scripts jsonb not null,
  statements_total integer not null,
  statements_done integer not null,
  statement_open integer,
  lock_trace jsonb,
  fingerprint_before text,
  fingerprint_after text,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  outcome text not null default 'running',
  error text,
  note text,
  continues uuid,
  app_version text not null,
  db_user text not null,
  os_user text not null,
  host text,
  backend_pid integer
);

create index migration_log_by_version on evaldesk.migration_log (version, started_at);

insert into evaldesk.schema_version (version) values (1);
