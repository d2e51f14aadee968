//! Importing connections: what was found, then what was chosen of it. Passwords go from where they stand to the keyring.

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::import::{
    self, Candidate, ImportDiscovery, ImportPlan, ImportSource, Reading,
};
use evaldesk_core::connection::{ConnectionProfile, SecretPolicy};
use serde::Deserialize;
use ts_rs::TS;

use super::{ConnectionSaveArguments, NoArguments, connection_save};
use crate::{ErrorReport, Result, Session};

/// What to look at.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionImportPlanArguments {
    pub source: ImportSource,
}

/// What to take, by the names that the plan gives.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionImportArguments {
    pub source: ImportSource,
    pub names: Vec<String>,
    /// Keep no password: it is asked each time.
    #[serde(default)]
    pub ask: bool,
}

/// Looks at everything on this computer that need not be named. Nothing is connected to.
pub async fn connection_discover(session: &Session, _: NoArguments) -> Result<Vec<ImportDiscovery>> {
    let saved = session.profiles().load()?.profiles;
    Ok(import::discover(&saved, &session.surroundings()))
}

/// Tells what a source has. Only reads.
pub async fn connection_import_plan(
    session: &Session,
    arguments: ConnectionImportPlanArguments,
) -> Result<ImportPlan> {
    let saved = session.profiles().load()?.profiles;
    Ok(read(session, &arguments.source, &saved)?.plan(&saved))
}

/// Reads the source again and saves what was named; nothing is saved where one of the names cannot be.
pub async fn connection_import(
    session: &Session,
    arguments: ConnectionImportArguments,
) -> Result<Vec<ConnectionProfile>> {
    let saved = session.profiles().load()?.profiles;
    let reading = read(session, &arguments.source, &saved)?;
    let chosen: Result<Vec<&Candidate>> = arguments.names.iter().map(|name| chosen(&reading, name)).collect();
    let mut imported = Vec::new();
    for candidate in chosen? {
        imported.push(save(session, candidate, arguments.ask).await?);
    }
    Ok(imported)
}

fn read(session: &Session, source: &ImportSource, saved: &[ConnectionProfile]) -> Result<Reading> {
    Ok(import::read(source, &session.surroundings())?.with_free_names(saved))
}

fn chosen<'a>(reading: &'a Reading, name: &str) -> Result<&'a Candidate> {
    let found = reading.candidates.iter().find(|candidate| candidate.profile.name == name);
    let found = found.ok_or_else(|| {
        ErrorReport::new(ErrorKind::NotFound, format!("the source has no connection that is called {name}"))
            .hint("It may have changed in between, or the name is taken by now: look at it again.")
    })?;
    match &found.problem {
        None => Ok(found),
        Some(problem) => {
            Err(ErrorReport::new(ErrorKind::Precondition, format!("{name} cannot be imported: {problem}"))
                .hint("Mend it where it stands, or add the connection by hand."))
        }
    }
}

async fn save(session: &Session, candidate: &Candidate, ask: bool) -> Result<ConnectionProfile> {
    let mut profile = ConnectionProfile { id: String::new(), ..candidate.profile.clone() };
    if ask && profile.secret_policy == SecretPolicy::Keyring {
        profile.secret_policy = SecretPolicy::Ask;
    }
    let arguments = ConnectionSaveArguments {
        profile,
        password: candidate.password.clone(),
        url: None,
        ssh_secret: None,
    };
    connection_save(session, arguments).await
}
