//! Ten statements of every kind, as one transaction and statement by statement, what tells that each is done, and back.

use std::path::Path;

use evaldesk_core::migrate::{LockPatience, MigrationContext, MigrationSet, Version};
use std::time::Duration;

/// How the version runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    OneTransaction,
    StatementByStatement,
}

/// Where its log is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Database,
    File,
}

/// The version before it, which has made the ledger and the log.
const FIRST: &str = "create table first_one (id int)";

/// What stands before both versions.
pub(crate) const BASE: &str = "
    create table base (id bigint primary key, note text not null);
    insert into base select g, 'note ' || g from generate_series(1, 300) as g;
    create index index_base_on_note on base (note)";

/// A statement, and a query that is true as soon as it is done.
pub(crate) const STATEMENTS: [(&str, &str); 10] = [
    (
        "create table campaign (id bigint generated always as identity primary key, note text not null)",
        "select to_regclass('campaign') is not null",
    ),
    (
        "insert into campaign (note) select 'row; ' || g from generate_series(1, 200) as g",
        "select count(*) = 200 from campaign",
    ),
    (
        "create function campaign_note(given text) returns text language plpgsql as $body$\nbegin\n  -- a body; with semicolons\n  return coalesce(given, 'none') || ';';\nend;\n$body$",
        "select to_regprocedure('campaign_note(text)') is not null",
    ),
    (
        "alter table base add column campaign_id bigint",
        "select count(*) = 1 from pg_attribute where attrelid = 'base'::regclass and attname = 'campaign_id' and not attisdropped",
    ),
    (
        "create index CONCURRENTLY index_base_on_campaign_id on base (campaign_id)",
        "select count(*) = 1 from pg_index where indexrelid = to_regclass('index_base_on_campaign_id') and indisvalid",
    ),
    ("update base set campaign_id = id", "select count(*) = 300 from base where campaign_id = id"),
    (
        "alter table base add constraint base_campaign_id_positive check (campaign_id > 0) not valid",
        "select count(*) = 1 from pg_constraint where conname = 'base_campaign_id_positive'",
    ),
    (
        "alter table base validate constraint base_campaign_id_positive",
        "select count(*) = 1 from pg_constraint where conname = 'base_campaign_id_positive' and convalidated",
    ),
    (
        "create view campaign_view as select campaign_note(note) as note from campaign",
        "select to_regclass('campaign_view') is not null",
    ),
    ("drop index CONCURRENTLY index_base_on_note", "select to_regclass('index_base_on_note') is null"),
];

const BACK: &str = "create index CONCURRENTLY index_base_on_note on base (note);
drop view campaign_view;
alter table base drop constraint base_campaign_id_positive;
drop index CONCURRENTLY index_base_on_campaign_id;
alter table base drop column campaign_id;
drop function campaign_note(text);
drop table campaign";

/// The version that the campaign runs.
pub(crate) fn version() -> Version {
    Version::new("2")
}

/// Both versions, with the log where it is wanted.
pub(crate) fn context(mode: Mode, place: Place, log_folder: &Path) -> MigrationContext {
    let statements = STATEMENTS.map(|(sql, _)| sql).join(";\n");
    let (up, down) = (for_mode(&statements, mode), for_mode(BACK, mode));
    let files =
        [("1_first.up.sql", FIRST), ("2_mixed.up.sql", up.as_str()), ("2_mixed.down.sql", down.as_str())];
    let files = files.map(|(name, sql)| (name, sql.as_bytes()));
    let mut context = MigrationContext::new(MigrationSet::from_files("campaign", files).unwrap());
    context.own_schema = place == Place::Database;
    context.log_folder = Some(log_folder.to_owned());
    context.patience = LockPatience { migration: Duration::from_secs(20), ..LockPatience::default() };
    context
}

fn for_mode(sql: &str, mode: Mode) -> String {
    match mode {
        Mode::OneTransaction => sql.replace("CONCURRENTLY ", ""),
        Mode::StatementByStatement => format!("-- evaldesk: no-transaction\n{sql}"),
    }
}
