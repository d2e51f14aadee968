//! Whose key a server shows: the user's `~/.ssh/known_hosts`, the system's, and our own file for what is accepted here.
//!
//! Ours is the only one that is written. A line that cannot be read is passed over, as ssh does.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use ring::hmac;
use russh::keys::ssh_key::known_hosts::{Entry, HostPatterns, Marker};
use russh::keys::{Algorithm, HashAlg, PublicKey};

use super::config::matches_list;
use super::place::SshPlace;
use crate::private_file::private_file;
use crate::{Error, ErrorKind, Result};

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

/// "SHA256:...", as ssh shows it.
pub(super) fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

/// What to make of a judgement: nothing, a question, or a refusal.
pub(super) fn verdict(known: &KnownHost, key: &PublicKey) -> Result<()> {
    let (name, shown) = (&known.name, fingerprint(key));
    match known.judge(key) {
        Judgement::Known => Ok(()),
        Judgement::Unknown { authority } => Err(question(name, key, shown, authority)),
        Judgement::Changed(before, file) => Err(changed(name, &shown, &fingerprint(before), &file)),
        Judgement::Revoked(file) => Err(Error::new(
            ErrorKind::Refused,
            format!("the SSH server {name} shows a key that is revoked ({shown}; {file})"),
        )
        .hint(
            "Whoever revoked the key no longer trusts it. Ask who runs the server; nothing was sent to it.",
        )),
    }
}

fn question(name: &str, key: &PublicKey, shown: String, authority: bool) -> Error {
    let kind = key.algorithm();
    let by_authority = if authority {
        " A line @cert-authority stands for it in known_hosts; such lines are not understood here."
    } else {
        ""
    };
    Error::new(
        ErrorKind::UnknownHostKey,
        format!("the SSH server {name} is not known yet: its {} key is {shown}", kind.as_str()),
    )
    .hint(format!(
        "Compare the fingerprint with what whoever runs the server says, and accept it if it is the same.{by_authority}"
    ))
    .detail(shown)
}

fn changed(name: &str, shown: &str, before: &str, file: &str) -> Error {
    Error::new(
        ErrorKind::Refused,
        format!("the SSH server {name} shows another key than before: now {shown}, known is {before} ({file})"),
    )
    .hint("The server was set up anew, or somebody sits in between. Nothing was sent to it. If whoever runs it confirms the new fingerprint, remove that line and connect again.")
    .detail(format!("known {before}\nshown {shown}\nin {file}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";
    const TWO: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA6rWI3G1sz07DnfFlrouTcysQlj2P+jpNSOEWD9OJ3X";
    /// `ssh-keygen -H` of "example.com" with TWO's sibling.
    const HASHED: &str = "|1|O33ESRMWPVkMYIwJ1Uw+n877jTo=|nuuC5vEqXlEZ/8BXQR7m619W6Ak= ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILIG2T/B0l0gaqj3puu510tu9N1OkQ4znY3LYuEm5zCF";

    fn key(text: &str) -> PublicKey {
        PublicKey::from_openssh(text).unwrap()
    }

    fn known(text: &str, host: &str, port: u16) -> (tempfile::TempDir, SshPlace, KnownHost) {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(home.path().join(".ssh")).unwrap();
        std::fs::write(home.path().join(".ssh/known_hosts"), text).unwrap();
        let place = SshPlace {
            home: Some(home.path().to_owned()),
            known_hosts: home.path().join("ours"),
            ..SshPlace::default()
        };
        let known = KnownHost::read(&place, host, port);
        (home, place, known)
    }

    fn check(text: &str, host: &str, port: u16, shown: &str, expected: &str) {
        let (_home, _, known) = known(text, host, port);
        let judged = format!("{:?}", known.judge(&key(shown)));
        assert!(judged.starts_with(expected), "{text:?} {host}:{port}: {judged}");
    }

    #[test]
    fn a_host_is_known_by_name_pattern_port_and_hash() {
        check(&format!("db.example,10.0.0.7 {ONE}"), "db.example", 22, ONE, "Known");
        check(&format!("*.example {ONE}"), "db.example", 22, ONE, "Known");
        check(&format!("*.example,!db.example {ONE}"), "db.example", 22, ONE, "Unknown");
        check(&format!("[db.example]:2222 {ONE}"), "db.example", 2222, ONE, "Known");
        check(&format!("[db.example]:2222 {ONE}"), "db.example", 22, ONE, "Unknown");
        check(HASHED, "example.com", 22, HASHED.split_once(' ').unwrap().1, "Known");
        check(HASHED, "example.com", 22, ONE, "Changed");
        check("", "db.example", 22, ONE, "Unknown { authority: false }");
    }

    #[test]
    fn a_key_without_a_port_is_good_for_every_port() {
        check(&format!("db.example {ONE}"), "db.example", 2222, ONE, "Known");
        check(&format!("db.example {TWO}\n[db.example]:2222 {ONE}"), "db.example", 2222, ONE, "Known");
        check(&format!("db.example {TWO}\n[db.example]:2222 {ONE}"), "db.example", 2222, TWO, "Changed");
        check(&format!("db.example {TWO}"), "db.example", 2222, ONE, "Unknown");
    }

    #[test]
    fn another_key_is_a_change_and_a_revoked_one_is_said_so() {
        check(&format!("# a comment\n\ndb {TWO}"), "db", 22, ONE, "Changed");
        check(&format!("db {ONE}\n@revoked * {ONE}"), "db", 22, ONE, "Revoked");
        check(&format!("@cert-authority * {TWO}"), "db", 22, ONE, "Unknown { authority: true }");
        check(&format!("nonsense\ndb {ONE}\n\u{1}"), "db", 22, ONE, "Known");
    }

    #[test]
    fn an_accepted_key_is_known_from_then_on_and_a_change_names_both_fingerprints() {
        let (_home, place, fresh) = known("", "db", 2222);
        assert_eq!(verdict(&fresh, &key(ONE)).unwrap_err().kind(), ErrorKind::UnknownHostKey);
        fresh.accept(&place, &key(ONE)).unwrap();
        let read = KnownHost::read(&place, "db", 2222);
        assert!(verdict(&read, &key(ONE)).is_ok());
        let refused = verdict(&read, &key(TWO)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Refused);
        let words = refused.message();
        assert!(
            words.contains(&fingerprint(&key(ONE))) && words.contains(&fingerprint(&key(TWO))),
            "{words}"
        );
    }
}
