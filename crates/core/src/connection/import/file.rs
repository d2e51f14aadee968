//! A file of connections that Evaldesk wrote, here or on another computer.
//!
//! A program that such a file names would run on this computer at the next opening: no command is taken from it.

use std::path::Path;

use super::reading::{Candidate, Reading, text_of};
use crate::connection::export::{Exported, FORMAT};
use crate::connection::{ConnectionProfile, SecretPolicy};
use crate::{Error, ErrorKind, Result};

pub(super) fn read(path: &Path) -> Result<Reading> {
    let text = text_of(path)?;
    let file: Exported = serde_json::from_str(&text).map_err(|error| broken(path, &error))?;
    if file.evaldesk != FORMAT {
        return Err(other(path, &format!("it says it is “{}”", file.evaldesk)));
    }
    let mut reading = Reading::default();
    for (at, value) in (1_u32..).zip(file.connections) {
        match serde_json::from_value::<ConnectionProfile>(value) {
            Ok(profile) => reading.candidates.push(candidate(profile)),
            Err(error) => reading.problem(None, format!("connection {at} cannot be read: {error}")),
        }
    }
    Ok(reading)
}

fn broken(path: &Path, error: &serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    other(path, &format!("line {line}, column {column}: {error}"))
}

fn other(path: &Path, why: &str) -> Error {
    Error::new(ErrorKind::InvalidArguments, format!("{} is no file of connections: {why}", path.display()))
        .hint("Choose a file that `evaldesk connection export` or the window's export wrote.")
}

fn candidate(mut profile: ConnectionProfile) -> Candidate {
    let command = profile.password_command.take();
    let rake = profile.migrations.rake.take();
    let after = profile.migrations.after.take();
    profile.local = false;
    profile.secret_of = None;
    if profile.secret_policy != SecretPolicy::None {
        profile.secret_policy = SecretPolicy::Ask;
    }
    let mut candidate = Candidate::new(profile);
    for (what, words) in [("password command", command), ("rake command", rake)] {
        if let Some(words) = words {
            candidate
                .note(format!("Its {what}, {words}, is not taken over: set it yourself if you trust it."));
        }
    }
    if after.is_some() {
        candidate.note("Which connection it is migrated after has to be chosen anew.");
    }
    candidate
}
