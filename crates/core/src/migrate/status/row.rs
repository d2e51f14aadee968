//! One version, as a list shows it.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use ts_rs::TS;

use super::super::assess::{Assessed, Assessment};
use super::super::ledger::LedgerRow;
use super::super::log::{EntryId, LogEntry, LogOutcome};
use super::super::repair::RepairVerb;
use super::super::state::PartialRun;
use super::super::{LedgerPlace, MigrationContext, MigrationState, ScriptRole, Version};
use super::{notes, repairs};
use crate::Result;

/// One version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrationStatusRow {
    pub version: Version,
    pub name: Option<String>,
    pub state: MigrationState,
    /// Present where it broke off half-way.
    pub partial: Option<PartialRun>,
    /// It is being applied or taken back right now.
    pub running: bool,
    /// Where it is written down.
    pub ledger: Option<LedgerPlace>,
    pub transactional: bool,
    pub statement_count: u32,
    pub has_down: bool,
    pub has_verify: bool,
    /// The up file.
    pub path: Option<String>,
    /// SHA-384 of the up file.
    pub sha384: Option<String>,
    /// SHA-384 of the up file that was applied, where a log knows.
    pub applied_sha384: Option<String>,
    /// UTC, ISO 8601.
    pub applied_at: Option<String>,
    /// How long it took.
    #[ts(type = "number | null")]
    pub elapsed_ms: Option<u64>,
    /// "maria (app) on laptop".
    pub applied_by: Option<String>,
    /// The entry of the log that tells of it.
    pub entry: Option<EntryId>,
    /// What a person should know about it here, a sentence each, without capitals and full stops.
    pub notes: Vec<String>,
    /// What would mend it, or may be decided about it.
    pub repairs: Vec<RepairVerb>,
}

/// Every version of the set, and every recorded one without a file, oldest first.
pub(super) async fn rows(
    session: &mut PgConnection,
    context: &MigrationContext,
    assessment: &Assessment<'_>,
) -> Result<Vec<MigrationStatusRow>> {
    let mut rows = Vec::new();
    for assessed in &assessment.versions {
        let spacing = notes::differs_in_spacing(session, context, assessed).await?;
        rows.push(row(assessment, assessed, spacing));
    }
    rows.extend(assessment.without_file().map(|row| without_file(assessment, row)));
    rows.sort_by(|a, b| a.version.cmp(&b.version));
    Ok(rows)
}

fn row(assessment: &Assessment<'_>, assessed: &Assessed<'_>, spacing: bool) -> MigrationStatusRow {
    let migration = assessed.migration;
    let ran = assessed.history.bound().filter(|_| assessed.is_recorded());
    let told =
        ran.or_else(|| assessed.history.broken()).or_else(|| assessed.history.failed(assessed.is_recorded()));
    MigrationStatusRow {
        version: migration.version.clone(),
        name: Some(migration.name.clone()),
        state: assessed.state(),
        partial: assessed.partial.clone(),
        running: assessed.history.running().is_some(),
        ledger: assessed.row.as_ref().map(|row| row.place),
        transactional: !migration.up.directives.no_transaction,
        statement_count: u32::try_from(migration.up.statements.len()).unwrap_or(u32::MAX),
        has_down: migration.down.is_some(),
        has_verify: migration.verify.is_some(),
        path: Some(migration.up.file.clone()),
        sha384: Some(migration.up.sha384.clone()),
        applied_sha384: assessed.applied_sha384().map(str::to_owned),
        applied_at: ran
            .and_then(|entry| entry.finished_at.clone())
            .or_else(|| assessed.row.as_ref()?.applied_at.clone()),
        elapsed_ms: ran.filter(|entry| entry.outcome == LogOutcome::Done).and_then(|entry| entry.elapsed_ms),
        applied_by: ran.map(by),
        entry: told.map(|entry| entry.id),
        notes: notes::of(assessed, spacing),
        repairs: repairs::of(assessment, assessed),
    }
}

/// Who wrote an entry, and from where.
pub(super) fn by(entry: &LogEntry) -> String {
    let who = if entry.os_user.is_empty() { &entry.db_user } else { &entry.os_user };
    match &entry.host {
        Some(host) => format!("{who} on {host}"),
        None => who.clone(),
    }
}

fn without_file(assessment: &Assessment<'_>, row: &LedgerRow) -> MigrationStatusRow {
    let mut entries = assessment.log.iter().filter(|entry| entry.version == row.version);
    let newest = entries.clone().next();
    let entry = entries.find(|entry| entry.script(ScriptRole::Up).is_some()).or(newest);
    MigrationStatusRow {
        version: row.version.clone(),
        name: row.name.clone().or_else(|| entry.map(|entry| entry.name.clone())),
        state: MigrationState::NoFile,
        partial: None,
        running: false,
        ledger: Some(row.place),
        transactional: entry.is_none_or(|entry| entry.transactional),
        statement_count: entry.map_or(0, |entry| entry.statements_total),
        has_down: false,
        has_verify: false,
        path: None,
        sha384: None,
        applied_sha384: None,
        applied_at: entry.and_then(|entry| entry.finished_at.clone()).or_else(|| row.applied_at.clone()),
        elapsed_ms: entry.and_then(|entry| entry.elapsed_ms),
        applied_by: entry.map(by),
        entry: entry.map(|entry| entry.id),
        notes: vec![notes::without_file(assessment.ledger.kind, row, entry.is_some())],
        repairs: repairs::without_file(assessment, row, entry),
    }
}
