//! Where a version is written down, what that takes, and what forbids it.

use sqlx::PgConnection;

use super::{Ledger, LedgerKind, LedgerPlace, Record, Write, own, shared, sqlx_table};
use crate::ident::QualifiedName;
use crate::migrate::{MigrationFormat, Version};
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

impl Ledger {
    /// Where a version stands, or would.
    pub(in crate::migrate) fn place_of(&self, version: &Version) -> LedgerPlace {
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
    pub(in crate::migrate) fn create(&self) -> Result<Option<SafeSql>> {
        if self.kind != LedgerKind::Missing || self.sqlx_table.is_some() {
            return Ok(None);
        }
        Ok(Some(shared::create(self.table()?)))
    }

    /// The statements that make our own schema or bring it up to date, where that is consented to.
    pub(in crate::migrate) fn own_schema_statements(&self) -> Result<Vec<SafeSql>> {
        if self.consent { self.own_schema.statements() } else { Ok(Vec::new()) }
    }

    /// Refuses to write a version down where its place is our own ledger and nobody consented to that.
    pub(in crate::migrate) fn check_usable(&self, version: &Version) -> Result<()> {
        if self.consent || self.place_of(version) == LedgerPlace::Shared {
            return Ok(());
        }
        let consent = "consent to the schema evaldesk, where our own ledger then lies (--log-schema, or the profile's setting)";
        Err(Error::new(ErrorKind::Refused, self.why_own(version)).hint(match self.kind {
            LedgerKind::Rails => format!(
                "Two ways out: {consent}, or write each version as a Ruby file for Rails too (migrate up --write-ruby DIR)."
            ),
            _ => format!("The way out: {consent}."),
        }))
    }

    fn why_own(&self, version: &Version) -> String {
        if self.released.contains(version) {
            return format!("the row {version} of schema_migrations is another migration's");
        }
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

    /// What writes a version down where it belongs.
    pub(in crate::migrate) fn recording(&self, record: &Record<'_>) -> Result<Vec<Write>> {
        let sqlx = self.sqlx_table.as_ref().and_then(|table| sqlx_table::record(table, record));
        let place = match (self.place_of(record.version), &sqlx) {
            (LedgerPlace::Own, _) => Some(own::record(record)),
            // Two tables that say the same would part as soon as sqlx writes one of them.
            (LedgerPlace::Shared, Some(_)) => None,
            (LedgerPlace::Shared, None) => Some(shared::record(self.table()?, self.spelling(record))),
        };
        Ok(place.into_iter().chain(sqlx).collect())
    }

    /// Writes a version down where it belongs.
    pub(in crate::migrate) async fn record(
        &self,
        session: &mut PgConnection,
        record: &Record<'_>,
    ) -> Result<()> {
        for write in self.recording(record)? {
            write.run(session).await?;
        }
        Ok(())
    }

    /// dbmate compares the text of a row with that of a file's name; everybody else the numbers.
    fn spelling<'a>(&self, record: &Record<'a>) -> &'a str {
        if self.format == MigrationFormat::Dbmate { record.spelled } else { record.version.as_str() }
    }

    /// What strikes a version out, wherever it stands and however it is spelled. What is not there has nothing to be struck.
    pub(in crate::migrate) fn striking(&self, version: &Version) -> Result<Vec<Write>> {
        let Some(row) = self.row(version) else { return Ok(Vec::new()) };
        let sqlx = self.sqlx_table.as_ref().and_then(|table| sqlx_table::strike(table, version));
        let place = match row.place {
            LedgerPlace::Own => Some(own::strike(version, self.released.contains(version))),
            LedgerPlace::Shared if self.kind.is_readable() && sqlx.is_none() => {
                Some(shared::strike(self.table()?, version))
            }
            LedgerPlace::Shared => None,
        };
        Ok(place.into_iter().chain(sqlx).collect())
    }

    /// What gives sqlx's table the sum of the file as it is now.
    pub(in crate::migrate) fn resumming(&self, record: &Record<'_>) -> Option<Write> {
        self.sqlx_table.as_ref().and_then(|table| sqlx_table::record(table, record))
    }

    /// What says that the row of this number is another migration's, and ours up only if its objects are there.
    pub(in crate::migrate) fn releasing(&self, version: &Version, name: &str, in_place: bool) -> Write {
        own::release(version, name, in_place)
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
