//! What the database remembers of its migrations, and where: `schema_migrations` is the truth, as Rails makes it, and
//! our own ledger holds what another tool that keeps that table should not see.
//!
//! A name is found once, as Rails finds it (by the search path), and qualified from then on: a migration may change the
//! search path under way.

mod kind;
mod own;
pub(in crate::migrate) mod own_schema;
mod record;
mod shared;
mod sqlx_table;

use sqlx::PgConnection;

pub use kind::{LedgerKind, LedgerPlace};
use own::OwnRow;
pub(super) use own::release;
pub(super) use record::Record;
use sqlx_table::SqlxRow;

use self::own_schema::OwnSchema;
use super::{MigrationContext, MigrationFormat, Version};
use crate::ident::QualifiedName;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

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

#[derive(sqlx::FromRow)]
struct Shape {
    schema: Option<String>,
    home: Option<String>,
    has_text_version: bool,
    has_dbmates_length: bool,
    columns: Vec<String>,
    rails_schema: Option<String>,
    sqlx_schema: Option<String>,
}

impl Ledger {
    /// Reads it.
    pub(super) async fn read(session: &mut PgConnection, context: &MigrationContext) -> Result<Self> {
        let shape: Shape = sqlx::query_as(include_str!("shape.sql")).fetch_one(&mut *session).await?;
        let kind = shape.kind();
        let table = shape.schema.or(shape.home).map(|schema| QualifiedName::new(schema, "schema_migrations"));
        let is_sqlx = context.set.format() == MigrationFormat::Sqlx;
        let sqlx_table = shape.sqlx_schema.filter(|_| is_sqlx);
        let environment = match &shape.rails_schema {
            Some(schema) => shared::environment(session, schema).await?,
            None => None,
        };
        let mut ledger = Self {
            kind,
            place: place(kind, context.set.format()),
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
        ledger.read_rows(session).await?;
        Ok(ledger)
    }

    async fn read_rows(&mut self, session: &mut PgConnection) -> Result<()> {
        if self.own_schema.is_readable() {
            self.take_own(own::read(session).await?);
        }
        if let Some(table) = self.sqlx_table.clone() {
            self.take_sqlx(sqlx_table::read(session, &table).await?);
        }
        if let Some(table) = self.table.clone().filter(|_| self.kind.is_readable()) {
            let rows = shared::read(session, &table).await?;
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

    /// Where a version stands, or would.
    pub(super) fn place_of(&self, version: &Version) -> LedgerPlace {
        match self.row(version) {
            Some(row) => row.place,
            None if self.released.contains(version) => LedgerPlace::Own,
            None => self.place,
        }
    }

    /// The statement that makes `schema_migrations`, where it is missing and ours to make.
    ///
    /// # Errors
    /// `Precondition` where no schema of the search path exists.
    pub(super) fn create(&self) -> Result<Option<SafeSql>> {
        if self.kind != LedgerKind::Missing {
            return Ok(None);
        }
        Ok(Some(shared::create(self.table()?)))
    }

    /// The statements that make our own schema or bring it up to date, where that is consented to.
    pub(super) fn own_schema_statements(&self) -> Result<Vec<SafeSql>> {
        if self.consent { self.own_schema.statements() } else { Ok(Vec::new()) }
    }

    /// Refuses to write a version down where its place is our own ledger and nobody consented to that.
    pub(super) fn check_usable(&self, version: &Version) -> Result<()> {
        if self.consent || self.place_of(version) == LedgerPlace::Shared {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Refused, self.why_own()).hint(
            "Two ways out: consent to the schema evaldesk, where our own ledger then lies (--log-schema, or the profile's setting), or write each version as a Ruby file for Rails too (migrate up --write-ruby DIR).",
        ))
    }

    fn why_own(&self) -> String {
        if self.kind != LedgerKind::Foreign {
            let owner = self.kind.owner();
            return format!(
                "{owner} keeps schema_migrations here: a version that only we have would stop its tools"
            );
        }
        let columns = self.columns.join(", ");
        let tool = if columns.contains("dirty") { "golang-migrate" } else { "another tool" };
        format!("schema_migrations is not a ledger of Rails' kind: its columns are {columns} ({tool})")
    }

    /// Writes a version down where it belongs.
    pub(super) async fn record(&self, session: &mut PgConnection, record: &Record<'_>) -> Result<()> {
        match self.place_of(record.version) {
            LedgerPlace::Own => own::record(session, record).await?,
            LedgerPlace::Shared => shared::record(session, self.table()?, self.spelling(record)).await?,
        }
        match &self.sqlx_table {
            Some(table) => sqlx_table::record(session, table, record).await,
            None => Ok(()),
        }
    }

    /// dbmate compares the text of a row with that of a file's name; everybody else the numbers.
    fn spelling<'a>(&self, record: &Record<'a>) -> &'a str {
        if self.format == MigrationFormat::Dbmate { record.spelled } else { record.version.as_str() }
    }

    /// Strikes a version out, wherever it stands and however it is spelled. How many rows went.
    pub(super) async fn strike(&self, session: &mut PgConnection, version: &Version) -> Result<u64> {
        let mut gone = 0;
        if self.own_schema.is_writable() {
            gone += own::strike(session, version).await?;
        }
        if self.kind.is_readable() && !self.released.contains(version) {
            gone += shared::strike(session, self.table()?, version).await?;
        }
        if let Some(table) = &self.sqlx_table {
            gone += sqlx_table::strike(session, table, version).await?;
        }
        Ok(gone)
    }

    fn table(&self) -> Result<&QualifiedName> {
        self.table.as_ref().ok_or_else(|| {
            Error::new(
                ErrorKind::Precondition,
                "no schema of the search path exists: schema_migrations has no place",
            )
            .hint("Create the schema, or set search_path for this role to one that exists.")
        })
    }
}

impl Shape {
    fn kind(&self) -> LedgerKind {
        match (&self.schema, self.has_text_version, self.rails_schema.is_some()) {
            (None, _, _) => LedgerKind::Missing,
            (Some(_), true, true) => LedgerKind::Rails,
            (Some(_), true, false) if self.columns.len() > 1 => LedgerKind::Foreign,
            (Some(_), true, false) if self.has_dbmates_length => LedgerKind::Dbmate,
            (Some(_), true, false) => LedgerKind::Evaldesk,
            (Some(_), false, _) => LedgerKind::Foreign,
        }
    }
}

/// Files in the owner's own format go where the owner looks for them.
fn place(kind: LedgerKind, format: MigrationFormat) -> LedgerPlace {
    match (kind, format) {
        (LedgerKind::Evaldesk | LedgerKind::Missing, _)
        | (LedgerKind::Rails, MigrationFormat::Rails)
        | (LedgerKind::Dbmate, MigrationFormat::Dbmate) => LedgerPlace::Shared,
        (LedgerKind::Rails | LedgerKind::Dbmate | LedgerKind::Foreign, _) => LedgerPlace::Own,
    }
}
