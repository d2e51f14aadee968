//! Which database a verb works on, and the session it works through.

use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::connection::{ConnectionProfile, Environment, Secret, SecretPolicy, TlsMode};
use evaldesk_api::{ErrorReport, LOCAL_ID, LocalSettings, MigrationWishes, Result, Session, host};

use crate::arguments::Common;

/// A session on the data folder that the app uses too.
pub(crate) fn session(wishes: MigrationWishes) -> Result<Session> {
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
    let around = host::surroundings(std::env::current_dir().ok());
    let session = Session::builder(folder).actor(host::actor("cli")).local(local).surroundings(around);
    Ok(session.migration_wishes(wishes).build())
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
        return saved(session, name, typed);
    }
    match (&common.url, database_url()) {
        (Some(url), _) => by_url(session, url, typed),
        (None, Some(url)) => by_url(session, &url, typed).map_err(of_the_variable),
        (None, None) => Ok(LOCAL_ID.to_owned()),
    }
}

/// Whether anything names a connection, so that the local database is not meant.
pub(crate) fn is_named(common: &Common) -> bool {
    common.connection.is_some() || common.url.is_some() || database_url().is_some()
}

fn saved(session: &Session, name: &str, typed: Option<Secret>) -> Result<String> {
    let profile = session.profile(name)?;
    let typed = match typed {
        None if profile.secret_policy == SecretPolicy::Ask => ask(&profile),
        typed => typed,
    };
    match typed {
        Some(password) => Ok(session.pass(profile, Some(password))),
        None => Ok(profile.id),
    }
}

/// Asks on the terminal; without one, or with nothing typed, whoever connects says that it is not known.
pub(crate) fn ask(profile: &ConnectionProfile) -> Option<Secret> {
    if !std::io::stdin().is_terminal() {
        return None;
    }
    let prompt = format!("Password of {} at {}: ", profile.user, profile.address());
    rpassword::prompt_password(prompt).ok().filter(|typed| !typed.is_empty()).map(Secret::new)
}

fn of_the_variable(mut report: ErrorReport) -> ErrorReport {
    report.message = format!("DATABASE_URL: {}", report.message);
    report
}

#[expect(clippy::disallowed_methods, reason = "DATABASE_URL is part of the command line's contract")]
fn database_url() -> Option<String> {
    std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// A URL that describes a saved connection is that connection, with its environment and its guard.
fn by_url(session: &Session, url: &str, typed: Option<Secret>) -> Result<String> {
    let parsed = session.parse_url(url)?;
    let password = typed.or(parsed.password);
    let saved = session.profiles().load()?.profiles;
    let same = saved.into_iter().filter(|saved| same_place(saved, &parsed.profile));
    let profile = match same.max_by_key(guarded) {
        Some(saved) => encrypted_as(saved, &parsed.profile),
        None => ConnectionProfile { secret_policy: SecretPolicy::None, ..parsed.profile },
    };
    Ok(session.pass(profile, password))
}

/// Of two that are saved for one place, the more careful one is meant.
fn guarded(profile: &ConnectionProfile) -> (bool, bool) {
    (profile.read_only, profile.environment == Environment::Production)
}

/// An sslmode in the URL counts: who asks for `verify-full` must not get less.
pub(crate) fn encrypted_as(mut saved: ConnectionProfile, url: &ConnectionProfile) -> ConnectionProfile {
    if url.tls != TlsMode::default() {
        saved.tls = url.tls;
    }
    if url.tls_root_cert.is_some() {
        saved.tls_root_cert.clone_from(&url.tls_root_cert);
    }
    saved
}

fn same_place(a: &ConnectionProfile, b: &ConnectionProfile) -> bool {
    (&a.host, a.port, &a.database, &a.user) == (&b.host, b.port, &b.database, &b.user)
}

/// One line of standard input.
pub(crate) fn password_from_stdin() -> Result<Secret> {
    const LONGEST: u64 = 64 * 1024;
    let mut line = String::new();
    let read = std::io::stdin().lock().take(LONGEST).read_line(&mut line);
    let why = match read {
        Ok(0) => "it is empty".to_owned(),
        Ok(_) => return Ok(Secret::new(line.trim_end_matches(['\r', '\n']))),
        Err(error) => error.to_string(),
    };
    Err(ErrorReport::new(
        ErrorKind::InvalidArguments,
        format!("no password could be read from standard input: {why}"),
    )
    .hint("Pipe the password in, as one line."))
}
