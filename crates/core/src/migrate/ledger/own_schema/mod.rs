//! The schema `evaldesk` in a user's database: made with consent alone, by statements that the plan shows, and with a
//! version of its own so that a newer Evaldesk knows what to add.

use sqlx::PgConnection;

use crate::ident::Ident;
use crate::sql::SafeSql;
use crate::sql::split::split;
use crate::{Error, ErrorKind, Result};

/// The statements of each version, the first one first.
const VERSIONS: [&str; 1] = [include_str!("1.sql")];

/// What is there, as this role sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::migrate) struct OwnSchema {
    found: Found,
    seen: Seen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Absent,
    /// A schema of that name that somebody else made.
    Foreign,
    /// Ours, and this role may not look into it.
    Closed,
    Version(usize),
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
struct Seen {
    present: bool,
    enters: bool,
    ours: bool,
    reads: bool,
    writes: bool,
    may_create: bool,
    owner: Option<String>,
    database: String,
    role: String,
}

impl OwnSchema {
    /// Looks at the catalog.
    pub(in crate::migrate) async fn look(session: &mut PgConnection) -> Result<Self> {
        let seen: Seen = sqlx::query_as(include_str!("look.sql")).fetch_one(&mut *session).await?;
        let found = match (seen.present, seen.ours, seen.enters && seen.reads) {
            (false, _, _) => Found::Absent,
            (true, false, _) => Found::Foreign,
            (true, true, false) => Found::Closed,
            (true, true, true) => Found::Version(version(session).await?),
        };
        Ok(Self { found, seen })
    }

    /// Whether the ledger and the log in it can be read.
    pub(in crate::migrate) fn is_readable(&self) -> bool {
        matches!(self.found, Found::Version(_))
    }

    /// Whether they can be written as they are.
    pub(in crate::migrate) fn is_writable(&self) -> bool {
        self.seen.writes && self.found == Found::Version(VERSIONS.len())
    }

    /// The statements that bring it to the version we write; none where it is there already.
    ///
    /// # Errors
    /// What stands in the way, with the statement that would clear it.
    pub(in crate::migrate) fn statements(&self) -> Result<Vec<SafeSql>> {
        let from = match self.found {
            Found::Absent => 0,
            Found::Version(version) => version,
            Found::Foreign => return Err(self.foreign()),
            Found::Closed => return Err(self.closed()),
        };
        if from > VERSIONS.len() {
            return Err(self.newer(from));
        }
        if from == 0 && !self.seen.may_create {
            return Err(self.may_not_create());
        }
        if from > 0 && !self.seen.writes {
            return Err(self.closed());
        }
        statements(&VERSIONS[from..])
    }

    fn foreign(&self) -> Error {
        let Seen { database, owner, .. } = &self.seen;
        let owner = owner.as_deref().unwrap_or("another role");
        Error::new(
            ErrorKind::Conflict,
            format!("{database} has a schema evaldesk already that Evaldesk did not make (owner {owner})"),
        )
        .hint("Rename that schema, or migrate without consent to ours: the log then stays on this machine.")
    }

    fn closed(&self) -> Error {
        let role = Ident::new(&self.seen.role);
        Error::new(
            ErrorKind::PermissionDenied,
            format!("{} may not read and write the schema evaldesk in {}", self.seen.role, self.seen.database),
        )
        .hint(format!(
            "Its owner may run: grant usage on schema evaldesk to {role}; grant select, insert, update, delete on all tables in schema evaldesk to {role};"
        ))
    }

    fn newer(&self, version: usize) -> Error {
        let (database, known) = (&self.seen.database, VERSIONS.len());
        Error::new(
            ErrorKind::Refused,
            format!("the schema evaldesk in {database} has version {version}; this Evaldesk knows {known}"),
        )
        .hint("Migrate with the Evaldesk that made it, or update this one.")
    }

    fn may_not_create(&self) -> Error {
        let (database, role) = (Ident::new(&self.seen.database), Ident::new(&self.seen.role));
        Error::new(
            ErrorKind::PermissionDenied,
            format!("{} may not make the schema evaldesk in {}: CREATE on the database is missing", self.seen.role, self.seen.database),
        )
        .hint(format!(
            "Its owner may run: grant create on database {database} to {role}; Or take the consent back: the log then stays on this machine."
        ))
    }
}

async fn version(session: &mut PgConnection) -> Result<usize> {
    let sql = "select coalesce(max(version), 0) from evaldesk.schema_version";
    let version: i32 = sqlx::query_scalar(sql).fetch_one(session).await?;
    Ok(usize::try_from(version).unwrap_or_default())
}

fn statements(files: &[&'static str]) -> Result<Vec<SafeSql>> {
    let mut statements = Vec::new();
    for file in files {
        let found = split(file).map_err(|error| Error::internal(error.problem))?;
        statements.extend(found.into_iter().map(|statement| SafeSql::trusted_file(statement.text)));
    }
    Ok(statements)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_writes_its_own_number_down_last() {
        for (number, file) in VERSIONS.iter().enumerate() {
            let last = statements(&[file]).unwrap().pop().unwrap();
            assert_eq!(
                last.as_str(),
                format!("insert into evaldesk.schema_version (version) values ({})", number + 1)
            );
        }
    }
}
