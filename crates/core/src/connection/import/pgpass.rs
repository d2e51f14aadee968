//! libpq's password file (<https://www.postgresql.org/docs/current/libpq-pgpass.html>): host, port, database, user
//! and password of a line, apart by colons; `*` is any, a backslash takes a colon or a backslash as it is.
//!
//! As libpq has it, a file that others may read counts as not there.

use std::path::{Path, PathBuf};

use super::Surroundings;
use super::conninfo::finish;
use super::reading::{Candidate, Reading, numbered, text_of};
use crate::connection::{ConnectionProfile, Secret};
use crate::{Error, ErrorKind, Result};

/// A line: host, port, database and user, `None` where any is meant.
struct Entry {
    line: u32,
    fields: [Option<String>; 4],
    password: Secret,
}

/// What the file has, as connections where a line names enough.
pub(super) fn read(around: &Surroundings) -> Result<Reading> {
    let path = around.pgpass().ok_or_else(nowhere)?;
    let mut reading = Reading::default();
    for entry in entries(&path, &mut reading)? {
        match candidate(around, &entry) {
            Ok(candidate) => reading.candidates.push(candidate),
            Err(why) => reading.problem(entry.line, why),
        }
    }
    Ok(reading)
}

fn nowhere() -> Error {
    Error::new(ErrorKind::NotFound, "there is no home folder where a password file could be")
        .hint("Name one in PGPASSFILE.")
}

/// The password that libpq would send, of the first line that fits.
pub(super) fn password_for(
    around: &Surroundings,
    passfile: Option<&str>,
    profile: &ConnectionProfile,
) -> Option<Secret> {
    let path = passfile.map(PathBuf::from).or_else(|| around.pgpass())?;
    let found = entries(&path, &mut Reading::default()).ok()?;
    found.into_iter().find(|entry| entry.fits(profile)).map(|entry| entry.password)
}

impl Entry {
    fn fits(&self, profile: &ConnectionProfile) -> bool {
        // A socket is `localhost` to the file.
        let host = if profile.host.starts_with('/') { "localhost" } else { &profile.host };
        let wanted = [host, &profile.port.to_string(), &profile.database, &profile.user];
        let fits =
            |(field, wanted): (&Option<String>, &str)| field.as_ref().is_none_or(|field| field == wanted);
        self.fields.iter().zip(wanted).all(fits)
    }
}

fn entries(path: &Path, reading: &mut Reading) -> Result<Vec<Entry>> {
    require_private(path)?;
    let text = text_of(path)?;
    let lines = numbered(&text).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.filter_map(|(at, line)| entry(at, line, reading)).collect())
}

/// The rule of libpq: nobody but the owner may read it, or it is not used.
#[cfg(unix)]
fn require_private(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(metadata) = std::fs::metadata(path) else { return Ok(()) };
    let mode = metadata.permissions().mode() & 0o777;
    if !metadata.is_file() {
        return Err(Error::new(ErrorKind::Refused, format!("{} is not a plain file", path.display())));
    }
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Refused,
        format!(
            "{} may be read by others (mode {mode:04o}), so neither libpq nor Evaldesk uses it",
            path.display()
        ),
    )
    .hint(format!("chmod 0600 {}", path.display())))
}

#[cfg(not(unix))]
fn require_private(_: &Path) -> Result<()> {
    Ok(())
}

fn entry(line: u32, text: &str, reading: &mut Reading) -> Option<Entry> {
    let mut rest = text;
    let mut fields = [const { None }; 4];
    for (at, field) in fields.iter_mut().enumerate() {
        let Some((found, after)) = cut(rest) else {
            reading.problem(
                line,
                format!("it has {} of the five fields host:port:database:user:password", at + 1),
            );
            return None;
        };
        (*field, rest) = ((found != "*").then(|| unescaped(found)), after);
    }
    // As libpq reads it, a bare colon ends the password.
    let (password, after) = cut(rest).unwrap_or((rest, ""));
    if password.len() < rest.len() || !after.is_empty() {
        reading.problem(
            line,
            "the password ends at a bare colon; write it as \\: where it belongs to the password",
        );
    }
    Some(Entry { line, fields, password: Secret::new(unescaped(password)) })
}

/// Up to the next colon that no backslash stands before.
fn cut(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            ':' if !escaped => return Some((&text[..at], &text[at + 1..])),
            '\\' if !escaped => escaped = true,
            _ => escaped = false,
        }
    }
    None
}

fn unescaped(field: &str) -> String {
    let mut letters = field.chars();
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        text.push(if letter == '\\' { letters.next().unwrap_or('\\') } else { letter });
    }
    text
}

/// A line that leaves the host open is a password for many, not a connection.
fn candidate(around: &Surroundings, entry: &Entry) -> std::result::Result<Candidate, String> {
    let [host, port, database, user] = &entry.fields;
    let host = host.as_ref().ok_or("it names no host: its password counts for connections that need one")?;
    let number = port.as_deref().unwrap_or("5432");
    let port = number.parse().map_err(|_| format!("{number} is no port number"))?;
    let user = user.clone().unwrap_or_else(|| around.default_user());
    let open = database.is_none();
    let database = database.clone().unwrap_or_else(|| "postgres".to_owned());
    let name = format!("{database} on {host}");
    let mut candidate = Candidate::new(ConnectionProfile::new(name, host, port, database, user));
    candidate.password = Some(entry.password.clone());
    candidate.line = Some(entry.line);
    if open {
        candidate.note("The line leaves the database open; postgres is on every server.");
    }
    finish(&mut candidate, around, None);
    Ok(candidate)
}
