//! libpq's service files (<https://www.postgresql.org/docs/current/libpq-pgservice.html>): a name in brackets, then
//! one keyword a line. There are no quotes, and no room around the equals sign.

use std::path::Path;

use super::Surroundings;
use super::conninfo::Conninfo;
use super::reading::{Candidate, Reading, numbered, text_of};
use crate::{Error, ErrorKind, Result};

/// Every service of the person's file and the system's; of two alike, libpq takes the person's.
pub(super) fn read(around: &Surroundings) -> Result<Reading> {
    let mut reading = Reading::default();
    let files: Vec<_> = around.service_files().into_iter().filter(|path| path.is_file()).collect();
    if files.is_empty() {
        return Err(none(around));
    }
    for path in &files {
        read_file(path, around, &mut reading)?;
    }
    Ok(reading)
}

fn none(around: &Surroundings) -> Error {
    let looked: Vec<String> = around.service_files().iter().map(|path| path.display().to_string()).collect();
    Error::new(ErrorKind::NotFound, format!("there is no service file: looked for {}", looked.join(" and ")))
        .hint("Name one in PGSERVICEFILE.")
}

/// One service by its name, for PGSERVICE.
pub(super) fn named(around: &Surroundings, name: &str) -> Option<Candidate> {
    let found = read(around).ok()?.candidates;
    found.into_iter().find(|candidate| candidate.profile.name == name)
}

fn read_file(path: &Path, around: &Surroundings, reading: &mut Reading) -> Result<()> {
    let text = text_of(path)?;
    let mut open: Option<(String, Conninfo)> = None;
    for (at, line) in numbered(&text) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[') {
            close(open.take(), around, reading);
            open = begin(name, at, reading);
        } else if let Some((_, conninfo)) = &mut open {
            keyword(conninfo, line, at, reading);
        } else {
            reading.problem(at, "it stands before the first [service]");
        }
    }
    close(open, around, reading);
    Ok(())
}

fn begin(name: &str, line: u32, reading: &mut Reading) -> Option<(String, Conninfo)> {
    let Some(name) = name.strip_suffix(']').filter(|name| !name.is_empty()) else {
        reading.problem(line, "a service begins with its name in brackets: [name]");
        return None;
    };
    Some((name.to_owned(), Conninfo::at(line)))
}

fn close(open: Option<(String, Conninfo)>, around: &Surroundings, reading: &mut Reading) {
    let Some((name, conninfo)) = open else { return };
    let candidate = conninfo.candidate(&name, around);
    if reading.candidates.iter().any(|other| other.profile.name == name) {
        return reading
            .problem(candidate.line, format!("[{name}] is there before, and the first one counts"));
    }
    reading.candidates.push(candidate);
}

/// The words of an unknown keyword may be a password that lost its keyword: the line is named, not shown.
fn keyword(conninfo: &mut Conninfo, line: &str, at: u32, reading: &mut Reading) {
    if line.starts_with("ldap://") {
        return reading.problem(at, "services from an LDAP server are not looked up");
    }
    let Some((key, value)) = line.split_once('=') else {
        return reading.problem(at, "it is not of the form keyword=value");
    };
    if key == "service" {
        return reading.problem(at, "a service cannot name another service");
    }
    if key.trim_end() != key && conninfo.set(key.trim_end(), value.trim_start()) {
        return reading
            .problem(at, format!("libpq takes no room before the equals sign of {}", key.trim_end()));
    }
    if !conninfo.set(key, value) {
        reading.problem(at, "libpq has no keyword of that name");
    }
}
