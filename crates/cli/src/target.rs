//! Which database a verb works on, and the session it works through.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::connection::{ConnectionProfile, Secret, SecretPolicy, parse_url};
use evaldesk_api::{ErrorReport, LOCAL_ID, LocalSettings, Result, Session, host};

use crate::arguments::Common;

/// A session on the data folder that the app uses too.
pub(crate) fn session() -> Result<Session> {
    let folder = host::data_folder()?;
    let program = std::env::current_exe().map_err(|error| {
        ErrorReport::new(ErrorKind::Internal, format!("this program cannot find itself: {error}"))
    })?;
    let resources = resources(&program);
    let local = LocalSettings::new(&folder)
        .engines(host::engine_hints(resources, folder.clone()))
        .watcher(vec![program.into_os_string(), "local".into(), "watch".into()])
        .system_folder(host::system_folder())
        .for_one_verb();
    Ok(Session::builder(folder).actor(host::actor("cli")).local(local).build())
}

/// Where an engine comes along: in the package's resources (`/usr/lib/Evaldesk` beside `/usr/bin`), or beside the program.
fn resources(program: &Path) -> Option<PathBuf> {
    let folder = program.parent()?;
    let packaged = folder.parent()?.join("lib/Evaldesk");
    Some(if packaged.is_dir() { packaged } else { folder.to_owned() })
}

/// The id of the connection that the common arguments name: `--connection`, `--url`, DATABASE_URL, the local database.
pub(crate) fn connection(session: &Session, common: &Common) -> Result<String> {
    let typed = if common.password_stdin { Some(password_from_stdin()?) } else { None };
    if let Some(name) = &common.connection {
        let profile = session.profile(name)?;
        if let Some(password) = typed {
            session.pass(profile.clone(), Some(password));
        }
        return Ok(profile.id);
    }
    match common.url.clone().or_else(database_url) {
        Some(url) => by_url(session, &url, typed),
        None => Ok(LOCAL_ID.to_owned()),
    }
}

#[expect(clippy::disallowed_methods, reason = "DATABASE_URL is part of the command line's contract")]
fn database_url() -> Option<String> {
    std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// A URL that describes a saved connection is that connection, with its environment and its guard.
fn by_url(session: &Session, url: &str, typed: Option<Secret>) -> Result<String> {
    let parsed = parse_url(url)?;
    let password = typed.or(parsed.password);
    let saved = session.profiles().load()?.profiles;
    let profile = match saved.into_iter().find(|saved| same_place(saved, &parsed.profile)) {
        Some(saved) => saved,
        None => ConnectionProfile { secret_policy: SecretPolicy::None, ..parsed.profile },
    };
    Ok(session.pass(profile, password))
}

fn same_place(a: &ConnectionProfile, b: &ConnectionProfile) -> bool {
    (&a.host, a.port, &a.database, &a.user) == (&b.host, b.port, &b.database, &b.user)
}

/// One line of standard input.
pub(crate) fn password_from_stdin() -> Result<Secret> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| {
        ErrorReport::new(
            ErrorKind::InvalidArguments,
            format!("no password could be read from standard input: {error}"),
        )
    })?;
    Ok(Secret::new(text.lines().next().unwrap_or_default()))
}
