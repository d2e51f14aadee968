//! What the database remembers of its migrations: `schema_migrations(version varchar primary key)`, as Rails makes it.
//!
//! golang-migrate gives the same name to a table of another shape: that one is never written.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use ts_rs::TS;

use super::Version;
use crate::{Error, ErrorKind, Result};

/// The statement that makes the ledger, as Rails does.
pub(super) const CREATE_LEDGER: &str =
    "create table schema_migrations (version varchar not null primary key)";

/// Who keeps the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LedgerKind {
    /// `ar_internal_metadata` stands beside it: Rails works on this database too.
    Rails,
    /// The table alone; dbmate's looks the same.
    Evaldesk,
    /// No such table yet.
    Missing,
    /// A table of that name and of another shape.
    Foreign,
}

/// The ledger as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ledger {
    pub(super) kind: LedgerKind,
    /// Recorded versions, oldest first.
    pub(super) versions: Vec<Version>,
    /// `ar_internal_metadata.environment`.
    pub(super) environment: Option<String>,
    columns: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct Shape {
    name: Option<String>,
    has_text_version: bool,
    columns: Vec<String>,
    rails: bool,
}

impl Ledger {
    /// Reads it.
    pub(super) async fn read(session: &mut PgConnection) -> Result<Self> {
        let shape: Shape = sqlx::query_as(include_str!("ledger_shape.sql")).fetch_one(&mut *session).await?;
        let kind = shape.kind();
        Ok(Self {
            kind,
            versions: if kind.is_ours() { versions(session).await? } else { Vec::new() },
            environment: if shape.rails { environment(session).await? } else { None },
            columns: shape.columns,
        })
    }

    /// Refuses a table that another tool fills in its own way.
    pub(super) fn check_usable(&self) -> Result<()> {
        if self.kind != LedgerKind::Foreign {
            return Ok(());
        }
        let columns = self.columns.join(", ");
        let tool = if columns.contains("dirty") { "golang-migrate" } else { "another tool" };
        Err(Error::new(
            ErrorKind::Refused,
            format!("schema_migrations is not a ledger of Rails' kind: its columns are {columns} ({tool})"),
        )
        .hint("Migrate this database with the tool that made that table."))
    }

    /// Whether a version is recorded.
    pub(super) fn holds(&self, version: &Version) -> bool {
        self.versions.contains(version)
    }
}

impl LedgerKind {
    fn is_ours(self) -> bool {
        matches!(self, Self::Rails | Self::Evaldesk)
    }
}

impl Shape {
    fn kind(&self) -> LedgerKind {
        match (&self.name, self.has_text_version, self.rails) {
            (None, _, _) => LedgerKind::Missing,
            (Some(_), true, true) => LedgerKind::Rails,
            (Some(_), true, false) if self.columns.len() == 1 => LedgerKind::Evaldesk,
            _ => LedgerKind::Foreign,
        }
    }
}

async fn versions(session: &mut PgConnection) -> Result<Vec<Version>> {
    let rows = sqlx::query_scalar("select version::text from schema_migrations").fetch_all(session).await;
    let rows: Vec<String> =
        rows.map_err(|error| Error::from(error).while_doing("cannot read schema_migrations"))?;
    let mut versions: Vec<_> = rows.into_iter().map(Version::from).collect();
    versions.sort();
    Ok(versions)
}

async fn environment(session: &mut PgConnection) -> Result<Option<String>> {
    let sql = "select value::text from ar_internal_metadata where key = 'environment'";
    Ok(sqlx::query_scalar::<_, Option<String>>(sql).fetch_optional(session).await?.flatten())
}

/// Writes a version down.
pub(super) async fn record(session: &mut PgConnection, version: &Version) -> Result<()> {
    sqlx::query("insert into schema_migrations (version) values ($1)")
        .bind(version.as_str())
        .execute(session)
        .await?;
    Ok(())
}

/// Strikes a version out, however many zeros it was written with.
pub(super) async fn strike(session: &mut PgConnection, version: &Version) -> Result<()> {
    sqlx::query("delete from schema_migrations where ltrim(version, '0') = $1")
        .bind(version.as_str().trim_start_matches('0'))
        .execute(session)
        .await?;
    Ok(())
}
