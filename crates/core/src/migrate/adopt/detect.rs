//! Finding the tools, by the shape of their tables in any schema.

use sqlx::PgConnection;

use super::statements::rows;
use super::tool::{FoundState, FoundTool, FoundVersion, MigrationTool};
use crate::catalog::TableName;
use crate::catalog::fingerprint::{LedgerTable, ledger_tables};
use crate::connection::Database;
use crate::migrate::Version;
use crate::{Error, ErrorKind, Result};

/// The column that tells the one of a tool's tables in which its versions stand.
const VERSIONS_IN: [&str; 3] = ["version", "md5sum", "change_id"];

type Row = (String, Option<String>, String, Option<String>, Option<String>, Option<String>);

/// Every tool that keeps its books here, and a ledger that may be dbmate's or our own. Only reads.
pub async fn detect(database: &Database) -> Result<Vec<FoundTool>> {
    let mut session = database.pool().acquire().await?;
    detect_on(&mut session).await
}

pub(super) async fn detect_on(session: &mut PgConnection) -> Result<Vec<FoundTool>> {
    let tables = ledger_tables(session).await?;
    let mut found = Vec::new();
    for table in &tables {
        let Some(tool) = MigrationTool::from_word(&table.tool) else { continue };
        if !holds_versions(tool, table) {
            continue;
        }
        let rows = read(session, tool, table).await;
        found.push(finish(tool, table, rows)?);
    }
    Ok(found)
}

fn holds_versions(tool: MigrationTool, table: &LedgerTable) -> bool {
    let has = |column: &str| table.columns.iter().any(|name| name == column);
    match tool {
        // Its tags and events know the id of a change too.
        MigrationTool::Sqitch => {
            has("change_id") && has("committed_at") && has("planned_at") && !has("tag") && !has("event")
        }
        _ => VERSIONS_IN.iter().any(|column| has(column)),
    }
}

async fn read(session: &mut PgConnection, tool: MigrationTool, table: &LedgerTable) -> Result<Vec<Row>> {
    let name = TableName::new(&table.schema, &table.name);
    Ok(sqlx::query_as(rows(tool, &name.qualified()).to_query()).fetch_all(session).await?)
}

/// A table that this role may not read is told; anything else that goes wrong is an error.
fn finish(tool: MigrationTool, table: &LedgerTable, rows: Result<Vec<Row>>) -> Result<FoundTool> {
    let name = TableName::new(&table.schema, &table.name);
    let (rows, problem) = match rows {
        Ok(rows) => (rows, None),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            (Vec::new(), Some(format!("this role may not read {name}")))
        }
        Err(error) => return Err(Error::while_doing(error, &format!("cannot read {name}"))),
    };
    let versions = last_of_each(rows.into_iter().map(version));
    let count = |state: FoundState| {
        u32::try_from(versions.iter().filter(|version| version.state == state).count()).unwrap_or(u32::MAX)
    };
    let broken = versions.iter().find(|version| version.state == FoundState::Failed);
    Ok(FoundTool {
        tool,
        certain: table.tool != "evaldesk",
        applied: count(FoundState::Applied),
        failed: count(FoundState::Failed),
        newest: newest(tool, &versions),
        problem: problem.or_else(|| broken.map(|version| broke_off(tool, version))),
        evidence: format!("{name} ({})", table.columns.join(", ")),
        table: name,
        versions,
    })
}

fn version((version, name, state, applied_at, checksum, note): Row) -> FoundVersion {
    let state = match state.as_str() {
        "applied" => FoundState::Applied,
        "reverted" => FoundState::Reverted,
        _ => FoundState::Failed,
    };
    FoundVersion { version, name, state, applied_at, checksum, note }
}

/// Tools that write a row a run (Flyway) say by the last one where a version stands.
fn last_of_each(rows: impl Iterator<Item = FoundVersion>) -> Vec<FoundVersion> {
    let mut versions: Vec<FoundVersion> = Vec::new();
    for row in rows {
        versions.retain(|known| known.version != row.version);
        versions.push(row);
    }
    versions
}

fn newest(tool: MigrationTool, versions: &[FoundVersion]) -> Option<String> {
    let mut applied = versions.iter().filter(|version| version.state == FoundState::Applied);
    let numbered = matches!(tool, MigrationTool::Rails | MigrationTool::Dbmate | MigrationTool::Sqlx);
    let found = if numbered {
        applied.max_by_key(|version| Version::new(&version.version))
    } else {
        applied.next_back()
    };
    found.map(|version| version.version.clone())
}

fn broke_off(tool: MigrationTool, version: &FoundVersion) -> String {
    let note = version.note.as_ref().map_or(String::new(), |note| format!(": {note}"));
    format!("{tool} has {} as broken off{note}", version.version)
}
