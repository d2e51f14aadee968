//! Whether rake works on the database that is connected here: an application's own settings decide, and they may name
//! another.

use std::collections::BTreeSet;

use sqlx::PgConnection;

use super::{Rake, RakeTask, run};
use crate::connection::Database;
use crate::job::JobContext;
use crate::migrate::Version;
use crate::{Error, ErrorKind, Result};

/// What rake says of the database that it works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RakeStatus {
    pub database: Option<String>,
    /// The versions that it lists as up.
    pub up: BTreeSet<Version>,
}

/// Asks rake which versions are up.
///
/// # Errors
/// What `run` says; rake fails where the database has no ledger yet.
pub async fn status(rake: &Rake, database: &Database, job: &JobContext) -> Result<RakeStatus> {
    Ok(RakeStatus::read(&run(rake, database, &RakeTask::Status, None, job).await?.output))
}

/// Refuses where rake lists another database than this one: its name, or the versions that are up, differ.
///
/// # Errors
/// `Refused`, naming both.
pub async fn check_database(rake: &Rake, database: &Database, job: &JobContext) -> Result<()> {
    let recorded = recorded(&mut *database.pool().acquire().await?).await?;
    let Some(recorded) = recorded else {
        // There is nothing to compare, and rake would fail for want of a ledger.
        return Ok(());
    };
    let said = status(rake, database, job).await;
    let said = said.map_err(|error| error.while_doing("cannot tell whether rake works on this database"))?;
    let here = &database.profile().database;
    if said.database.as_ref().is_some_and(|name| name != here) {
        let there = said.database.unwrap_or_default();
        return Err(elsewhere(rake, &format!("rake works on the database {there}, and this one is {here}")));
    }
    if said.up != recorded {
        let differ: Vec<String> = said.up.symmetric_difference(&recorded).map(Version::to_string).collect();
        let what =
            format!("rake works on another database than {here}: {} is up in one only", differ.join(", "));
        return Err(elsewhere(rake, &what));
    }
    Ok(())
}

/// Refuses to believe rake where this database's ledger says otherwise.
///
/// # Errors
/// `Precondition`: the task has run, on another database.
pub async fn check_ran_here(session: &mut PgConnection, rake: &Rake, task: &RakeTask) -> Result<()> {
    let (version, up) = match task {
        RakeTask::Up { version } => (version, true),
        RakeTask::Down { version } => (version, false),
        RakeTask::Rollback { .. } | RakeTask::Status => return Ok(()),
    };
    let found = recorded(session).await?.is_some_and(|versions| versions.contains(version));
    if found == up {
        return Ok(());
    }
    let state = if found { "still" } else { "not" };
    Err(elsewhere(
        rake,
        &format!("{} ended well, but {version} is {state} recorded in this database", rake.shown(task)),
    )
    .of_kind(ErrorKind::Precondition))
}

fn elsewhere(rake: &Rake, what: &str) -> Error {
    Error::new(ErrorKind::Refused, what).hint(format!(
        "Look at config/database.yml in {}: it has to take DATABASE_URL, which names this connection's database.",
        rake.directory().display()
    ))
}

async fn recorded(session: &mut PgConnection) -> Result<Option<BTreeSet<Version>>> {
    let there: bool = sqlx::query_scalar("select to_regclass('schema_migrations') is not null")
        .fetch_one(&mut *session)
        .await?;
    if !there {
        return Ok(None);
    }
    let rows: Vec<String> =
        sqlx::query_scalar("select version::text from schema_migrations").fetch_all(session).await?;
    Ok(Some(rows.into_iter().map(Version::from).collect()))
}

impl RakeStatus {
    /// `database: name`, then a line for each version: its state, its number, its name.
    fn read(text: &str) -> Self {
        let database =
            text.lines().find_map(|line| line.trim().strip_prefix("database: ")).map(str::to_owned);
        let up = text.lines().filter_map(|line| {
            let mut words = line.split_whitespace();
            let (state, version) = (words.next()?, words.next()?);
            let numeric = version.bytes().all(|byte| byte.is_ascii_digit());
            (state == "up" && numeric).then(|| Version::new(version))
        });
        Self { database, up: up.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rails_own_list_is_read() {
        let said = "\ndatabase: eval\n\n Status   Migration ID    Migration Name\n-----\n   up     001             Create a\n  down    20260102030405  Add b\n   up     20260102030406  ********** NO FILE **********\n";
        let status = RakeStatus::read(said);
        assert_eq!(status.database.as_deref(), Some("eval"));
        assert_eq!(status.up, ["1", "20260102030406"].map(Version::new).into());
    }
}
