//! Servers of this machine, by their sockets. Nothing is opened: a server that crashed may have left its own.

use std::fs;
use std::path::Path;

use super::Surroundings;
use super::reading::{Candidate, Reading};
use crate::connection::{ConnectionProfile, Environment, SecretPolicy};

/// A server names its socket after its port
/// (<https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-UNIX-SOCKET-DIRECTORIES>).
const PREFIX: &str = ".s.PGSQL.";

pub(super) fn read(around: &Surroundings) -> Reading {
    let mut reading = Reading::default();
    for (folder, port) in with_sockets(around) {
        reading.candidates.push(candidate(around, &folder, port));
    }
    reading
}

/// Each socket's folder and port; the same folder by two names counts once.
pub(super) fn with_sockets(around: &Surroundings) -> Vec<(String, u16)> {
    let mut seen = Vec::new();
    let mut found = Vec::new();
    for folder in &around.socket_folders {
        let Ok(real) = fs::canonicalize(folder) else { continue };
        if seen.contains(&real) {
            continue;
        }
        let named = folder.to_str().unwrap_or_default();
        found.extend(ports(&real).into_iter().map(|port| (named.to_owned(), port)));
        seen.push(real);
    }
    found
}

fn ports(folder: &Path) -> Vec<u16> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut ports: Vec<u16> = names.filter_map(|name| name.strip_prefix(PREFIX)?.parse().ok()).collect();
    ports.sort_unstable();
    ports
}

fn candidate(around: &Surroundings, folder: &str, port: u16) -> Candidate {
    let user = around.default_user();
    let mut profile = ConnectionProfile::new(format!("Port {port} here"), folder, port, "postgres", user);
    profile.environment = Environment::Development;
    profile.secret_policy = SecretPolicy::None;
    let mut candidate = Candidate::new(profile);
    candidate.note("A socket is there; whether its server runs shows when it is opened.");
    candidate
}
