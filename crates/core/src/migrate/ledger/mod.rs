//! What the database remembers of its migrations, and where: `schema_migrations` is the truth, as Rails makes it, and
//! our own ledger holds what another tool that keeps that table should not see.
//!
//! A name is found once, as Rails finds it (by the search path), and qualified from then on: a migration may change the
//! search path under way.

mod kind;
mod own;
pub(in crate::migrate) mod own_schema;
mod record;
mod shape;
mod shared;
mod sqlx_table;
mod write;
mod writing;

use sqlx::PgConnection;

pub use kind::{LedgerKind, LedgerPlace};
pub(super) use record::Record;
pub(super) use write::Write;

use own::OwnRow;
use shape::Shape;
use sqlx_table::SqlxRow;

use self::own_schema::OwnSchema;
use super::{MigrationContext, MigrationFormat, MigrationSet, Version};
use crate::Result;
use crate::ident::QualifiedName;

/// The ledger as a session reads it, for one set of files.
#[derive(Debug, Clone)]
pub(super) struct Ledger {
    pub(super) kind: LedgerKind,
    /// Where a version goes that stands nowhere yet.
    pub(super) place: LedgerPlace,
    /// Recorded versions, oldest first.
    pub(super) versions: Vec<Version>,
    /// What each of them stands as.
    pub(super) rows: Vec<LedgerRow>,
    /// Numbers whose row in `schema_migrations` is another migration's.
    pub(super) released: Vec<Version>,
    /// `ar_internal_metadata.environment`.
    pub(super) environment: Option<String>,
    pub(super) own_schema: OwnSchema,
    /// Whether the schema `evaldesk` may be made and written.
    pub(super) consent: bool,
    format: MigrationFormat,
    table: Option<QualifiedName>,
    sqlx_table: Option<QualifiedName>,
    columns: Vec<String>,
}

/// A version that is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LedgerRow {
    pub(super) version: Version,
    pub(super) place: LedgerPlace,
    /// As the ledger spells it: "001".
    pub(super) spelling: String,
    /// Only our own ledger knows it.
    pub(super) name: Option<String>,
    /// Only our own ledger and sqlx's know it.
    pub(super) applied_at: Option<String>,
    /// Recorded without having been run.
    pub(super) baselined: bool,
    /// Of the up file, where sqlx's table knows it.
    pub(super) sha384: Option<String>,
}

impl Ledger {
    /// Reads it.
    pub(super) async fn read(session: &mut PgConnection, context: &MigrationContext) -> Result<Self> {
        let shape = Shape::read(session).await?;
        let kind = shape.kind();
        let table = shape.schema.or(shape.home).map(|schema| QualifiedName::new(schema, "schema_migrations"));
        // Files that are named up and down may be either's: the rows tell.
        let may_be = matches!(context.set.format(), MigrationFormat::Sqlx | MigrationFormat::Evaldesk);
        let sqlx_table = shape.sqlx_schema.filter(|_| may_be);
        let environment = match &shape.rails_schema {
            Some(schema) => shared::environment(session, schema).await?,
            None => None,
        };
        let mut ledger = Self {
            kind,
            place: place(kind, context),
            versions: Vec::new(),
            rows: Vec::new(),
            released: Vec::new(),
            environment,
            own_schema: OwnSchema::look(session).await?,
            consent: context.own_schema,
            format: context.set.format(),
            table,
            sqlx_table: sqlx_table.map(|schema| QualifiedName::new(schema, "_sqlx_migrations")),
            columns: shape.columns,
        };
        ledger.read_rows(session, &context.set).await?;
        Ok(ledger)
    }

    async fn read_rows(&mut self, session: &mut PgConnection, set: &MigrationSet) -> Result<()> {
        if self.own_schema.is_readable() {
            self.take_own(own::read(session).await?);
        }
        if let Some(table) = self.sqlx_table.clone() {
            let rows = sqlx_table::read(session, &table).await?;
            if self.format == MigrationFormat::Sqlx || rows.iter().any(|row| set.get(&row.version).is_some())
            {
                self.take_sqlx(rows);
            } else {
                // It keeps somebody else's files.
                self.sqlx_table = None;
            }
        }
        if let Some(table) = self.table.clone().filter(|_| self.kind.is_readable()) {
            let mut rows = shared::read(session, &table).await?;
            if self.sqlx_table.is_some() {
                // Of sqlx's files sqlx's table is the truth.
                rows.retain(|(version, _)| set.get(version).is_none());
            }
            self.take_shared(rows);
        }
        // Of two rows of a version the one that knows more stays: ours, then sqlx's, then the bare number.
        self.rows.sort_by(|a, b| a.version.cmp(&b.version));
        self.rows.dedup_by(|a, b| a.version == b.version);
        self.versions = self.rows.iter().map(|row| row.version.clone()).collect();
        Ok(())
    }

    fn take_own(&mut self, rows: Vec<OwnRow>) {
        self.released = rows.iter().filter(|row| row.released).map(|row| row.version.clone()).collect();
        let up = rows.into_iter().filter(|row| row.applied_at.is_some());
        self.rows.extend(up.map(|row| LedgerRow {
            spelling: row.version.as_str().to_owned(),
            version: row.version,
            place: LedgerPlace::Own,
            name: Some(row.name),
            applied_at: row.applied_at,
            baselined: row.baselined,
            sha384: None,
        }));
    }

    fn take_shared(&mut self, rows: Vec<(Version, String)>) {
        let theirs = rows.into_iter().filter(|(version, _)| !self.released.contains(version));
        let rows: Vec<_> = theirs
            .map(|(version, spelling)| LedgerRow {
                version,
                place: LedgerPlace::Shared,
                spelling,
                name: None,
                applied_at: None,
                baselined: false,
                sha384: None,
            })
            .collect();
        self.rows.extend(rows);
    }

    fn take_sqlx(&mut self, rows: Vec<SqlxRow>) {
        let done = rows.into_iter().filter(|row| row.success);
        self.rows.extend(done.map(|row| LedgerRow {
            spelling: row.version.as_str().to_owned(),
            version: row.version,
            place: LedgerPlace::Shared,
            name: None,
            applied_at: Some(row.installed_on),
            baselined: false,
            sha384: Some(row.checksum),
        }));
    }

    /// The row of a version.
    pub(super) fn row(&self, version: &Version) -> Option<&LedgerRow> {
        self.rows.iter().find(|row| row.version == *version)
    }

    /// Whether a version is recorded.
    pub(super) fn holds(&self, version: &Version) -> bool {
        self.row(version).is_some()
    }
}

/// Files in the owner's own format go where the owner looks for them.
fn place(kind: LedgerKind, context: &MigrationContext) -> LedgerPlace {
    match (kind, context.set.format()) {
        (LedgerKind::Rails, _) if context.ruby_twins => LedgerPlace::Shared,
        (LedgerKind::Evaldesk | LedgerKind::Missing, _)
        | (LedgerKind::Rails, MigrationFormat::Rails)
        | (LedgerKind::Dbmate, MigrationFormat::Dbmate) => LedgerPlace::Shared,
        (LedgerKind::Rails | LedgerKind::Dbmate | LedgerKind::Foreign, _) => LedgerPlace::Own,
    }
}
