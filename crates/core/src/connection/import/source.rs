//! Where connections may be found.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::plan::ImportPlan;
use super::reading::{Candidate, Reading};
use super::{Surroundings, database_yml, environment, file, pgpass, service, sockets};
use crate::Result;
use crate::connection::{ConnectionProfile, Secret, parse_url_as};

/// What to read.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ImportSource {
    /// A connection URL. It may hold a password, so it prints as little as one.
    Url {
        #[ts(type = "string")]
        text: Secret,
    },
    /// Rails' config/database.yml.
    DatabaseYml { path: String },
    /// DATABASE_URL, the guide's DATABASE_*, libpq's PG*.
    Environment,
    /// libpq's password file.
    Pgpass,
    /// libpq's service files.
    Service,
    /// Sockets of servers on this machine.
    Sockets,
    /// What `connection_export` wrote.
    File { path: String },
}

/// The kinds of sources that need not be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    Environment,
    DatabaseYml,
    Service,
    Pgpass,
    Sockets,
}

/// A source that is there, and what it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportDiscovery {
    pub kind: ImportKind,
    /// The file, where it is one.
    pub path: Option<String>,
    pub plan: ImportPlan,
    /// Why it was not read.
    pub problem: Option<String>,
}

/// Reads a source.
///
/// # Errors
/// The file is not there, may not be read, or is broken as a whole; what is wrong with a part is in the reading.
pub fn read(source: &ImportSource, around: &Surroundings) -> Result<Reading> {
    match source {
        ImportSource::Url { text } => url(text, around),
        ImportSource::DatabaseYml { path } => database_yml::read(&at_home(path, around), around),
        ImportSource::Environment => Ok(environment::read(around)),
        ImportSource::Pgpass => pgpass::read(around),
        ImportSource::Service => service::read(around),
        ImportSource::Sockets => Ok(sockets::read(around)),
        ImportSource::File { path } => file::read(&at_home(path, around)),
    }
}

fn url(text: &Secret, around: &Surroundings) -> Result<Reading> {
    let parsed = parse_url_as(text.expose(), &around.default_user())?;
    let mut candidate = Candidate::new(parsed.profile);
    candidate.password = parsed.password;
    super::conninfo::finish(&mut candidate, &Surroundings::default(), None);
    Ok(Reading { candidates: vec![candidate], ..Reading::default() })
}

/// A person's `~` is the home folder; what is not absolute is beside the command line.
fn at_home(path: &str, around: &Surroundings) -> PathBuf {
    let home = around.home.as_deref();
    match (path.strip_prefix("~/"), home, &around.folder) {
        (Some(rest), Some(home), _) => home.join(rest),
        (_, _, Some(folder)) => folder.join(path),
        _ => Path::new(path).to_owned(),
    }
}

/// Looks at everything that needs no name. Nothing is connected to.
pub fn discover(saved: &[ConnectionProfile], around: &Surroundings) -> Vec<ImportDiscovery> {
    places(around)
        .into_iter()
        .map(|(kind, path)| look(kind, path, saved, around))
        .filter(|found| found.problem.is_some() || !found.plan.found.is_empty())
        .collect()
}

fn places(around: &Surroundings) -> Vec<(ImportKind, Option<PathBuf>)> {
    let yml = around
        .folder
        .iter()
        .flat_map(|folder| [folder.join("config/database.yml"), folder.join("database.yml")]);
    let files = yml.map(|path| (ImportKind::DatabaseYml, Some(path)));
    let service = around.service_files().into_iter().find(|path| path.is_file());
    let pgpass = around.pgpass();
    let all = files.chain([(ImportKind::Service, service), (ImportKind::Pgpass, pgpass)]);
    let there = all.filter(|(_, path)| path.as_ref().is_some_and(|path| path.is_file()));
    std::iter::once((ImportKind::Environment, None))
        .chain(there)
        .chain([(ImportKind::Sockets, None)])
        .collect()
}

fn look(
    kind: ImportKind,
    path: Option<PathBuf>,
    saved: &[ConnectionProfile],
    around: &Surroundings,
) -> ImportDiscovery {
    let path = path.map(|path| path.display().to_string());
    let source = match kind {
        ImportKind::Environment => ImportSource::Environment,
        ImportKind::DatabaseYml => ImportSource::DatabaseYml { path: path.clone().unwrap_or_default() },
        ImportKind::Service => ImportSource::Service,
        ImportKind::Pgpass => ImportSource::Pgpass,
        ImportKind::Sockets => ImportSource::Sockets,
    };
    let (reading, problem) = match read(&source, around) {
        Ok(reading) => (reading, None),
        Err(error) => (Reading::default(), Some(error.message().to_owned())),
    };
    let plan = reading.with_free_names(saved).plan(saved);
    ImportDiscovery { kind, path, plan, problem }
}
