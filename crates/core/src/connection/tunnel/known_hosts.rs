//! Whose key a server shows: the user's `~/.ssh/known_hosts`, the system's, and our own file for what is accepted here.
//!
//! Ours is the only one that is written. A line that cannot be read is passed over, as ssh does.

mod verdict;

pub(super) use verdict::{fingerprint, verdict};

use std::io::Write as _;
use std::path::{Path, PathBuf};

use ring::hmac;
use russh::keys::ssh_key::known_hosts::{Entry, HostPatterns, Marker};
use russh::keys::{Algorithm, PublicKey};

use super::config::matches_list;
use super::place::SshPlace;
use crate::private_file::private_file;
use crate::{Error, Result};

/// The system's own file.
const OF_THE_SYSTEM: &str = "/etc/ssh/ssh_known_hosts";

/// What is known of one host.
#[derive(Debug)]
pub(super) struct KnownHost {
    /// "host", or "[host]:port" where it is not 22, as the files write it.
    name: String,
    entries: Vec<Known>,
}

#[derive(Debug)]
struct Known {
    key: PublicKey,
    marker: Option<Marker>,
    file: PathBuf,
    line: usize,
    /// Known of the host's own port 22 alone: it can vouch for a key, and says nothing of others.
    of_port_22: bool,
}

/// What the files say of a key.
#[derive(Debug)]
pub(super) enum Judgement<'a> {
    Known,
    /// No line names the host; whether one names an authority for it, which we do not understand.
    Unknown {
        authority: bool,
    },
    /// The host is known by other keys.
    Changed(&'a PublicKey, String),
    /// Where it says so.
    Revoked(String),
}

impl KnownHost {
    /// Reads what is known of a host.
    pub(super) fn read(place: &SshPlace, host: &str, port: u16) -> Self {
        let name = if port == 22 { host.to_owned() } else { format!("[{host}]:{port}") };
        let mut known = Self { name, entries: Vec::new() };
        for file in [place.in_ssh("known_hosts"), place.in_ssh("known_hosts2"), Some(OF_THE_SYSTEM.into())] {
            known.take(file.as_deref());
        }
        known.take(Some(&place.known_hosts));
        // As ssh has it: a key that is known without the port is good for every port.
        if port != 22 && known.entries.iter().all(|entry| entry.marker.is_some()) {
            let without = Self::read(place, host, 22).entries.into_iter();
            let plain = without.filter(|entry| entry.marker.is_none());
            known.entries.extend(plain.map(|entry| Known { of_port_22: true, ..entry }));
        }
        known
    }

    /// The name that the files know it by.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    fn take(&mut self, file: Option<&Path>) {
        let Some(file) = file else { return };
        let text = std::fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        for (at, line) in text.unwrap_or_default().lines().enumerate() {
            let Ok(entry) = line.trim().parse::<Entry>() else { continue };
            if names(entry.host_patterns(), &self.name) {
                let (marker, key) = (entry.marker().copied(), entry.public_key().clone());
                self.entries.push(Known {
                    key,
                    marker,
                    file: file.to_owned(),
                    line: at + 1,
                    of_port_22: false,
                });
            }
        }
    }

    /// The kinds of keys that are known of the host: a server that has several is asked for one of these.
    pub(super) fn algorithms(&self) -> Vec<Algorithm> {
        let plain = self.entries.iter().filter(|entry| entry.marker.is_none());
        plain.map(|entry| entry.key.algorithm()).collect()
    }

    /// What is to be thought of a key.
    pub(super) fn judge(&self, key: &PublicKey) -> Judgement<'_> {
        let same = |entry: &&Known| entry.key.key_data() == key.key_data();
        let revoked = |entry: &&Known| entry.marker == Some(Marker::Revoked);
        let plain = |entry: &&Known| entry.marker.is_none();
        if let Some(entry) = self.entries.iter().filter(revoked).find(same) {
            return Judgement::Revoked(entry.place());
        }
        if self.entries.iter().filter(plain).any(|entry| same(&entry)) {
            return Judgement::Known;
        }
        let mut others: Vec<&Known> =
            self.entries.iter().filter(plain).filter(|entry| !entry.of_port_22).collect();
        others.sort_by_key(|entry| entry.key.algorithm() != key.algorithm());
        match others.first() {
            Some(other) => Judgement::Changed(&other.key, other.place()),
            None => Judgement::Unknown {
                authority: self.entries.iter().any(|entry| entry.marker == Some(Marker::CertAuthority)),
            },
        }
    }

    /// The line that makes a key known.
    fn line(&self, key: &PublicKey) -> Result<String> {
        let bare = PublicKey::from(key.key_data().clone());
        let text =
            bare.to_openssh().map_err(|error| Error::internal(format!("a host key has no text: {error}")))?;
        Ok(format!("{} {text}\n", self.name))
    }

    /// Writes a key down in our own file.
    ///
    /// # Errors
    /// `Storage`.
    pub(super) fn accept(&self, place: &SshPlace, key: &PublicKey) -> Result<()> {
        let file = &place.known_hosts;
        let line = self.line(key)?;
        let written =
            file.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| append(file, &line));
        written.map_err(|error| Error::from(error).while_doing(&format!("cannot write {}", file.display())))
    }
}

impl Known {
    fn place(&self) -> String {
        format!("{}, line {}", self.file.display(), self.line)
    }
}

/// At the end in one write, since another program of ours may add a line at the same time.
fn append(file: &Path, line: &str) -> std::io::Result<()> {
    let held = std::fs::read(file).unwrap_or_default();
    let torn = held.last().is_some_and(|last| *last != b'\n');
    let line = if torn { format!("\n{line}") } else { line.to_owned() };
    private_file().create(true).append(true).open(file)?.write_all(line.as_bytes())
}

fn names(patterns: &HostPatterns, name: &str) -> bool {
    match patterns {
        HostPatterns::Patterns(patterns) => matches_list(patterns, name),
        HostPatterns::HashedName { salt, hash } => {
            let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, salt);
            hmac::verify(&key, name.to_ascii_lowercase().as_bytes(), hash).is_ok()
        }
    }
}

#[cfg(test)]
mod tests;
