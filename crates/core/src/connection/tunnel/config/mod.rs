//! `~/.ssh/config`, as far as a tunnel needs it: what an alias stands for.
//!
//! As ssh has it, the first value of a keyword counts, the user's file comes before the system's, and several
//! IdentityFile lines add up. Nothing is ever run: a `Match exec` does not match, a ProxyCommand is refused by name.

mod lines;
mod pattern;

use std::path::{Path, PathBuf};

use super::place::SshPlace;
use crate::{Error, ErrorKind, Result};

pub(super) use pattern::matches_list;

/// The system's own file.
const OF_THE_SYSTEM: &str = "/etc/ssh/ssh_config";

/// A file that includes itself would otherwise be read for ever.
const DEEPEST: usize = 16;

/// What the files say of one host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct HostSettings {
    pub(super) host_name: Option<String>,
    pub(super) user: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) identity_files: Vec<String>,
    pub(super) identities_only: Option<bool>,
    pub(super) proxy_jump: Option<String>,
    /// "none" or a program, which is not run.
    pub(super) proxy_command: Option<String>,
    pub(super) host_key_alias: Option<String>,
}

/// Reads what the files say of a host.
///
/// # Errors
/// `Storage` when a file is there and cannot be read.
pub(super) fn look_up(place: &SshPlace, alias: &str, user: Option<&str>) -> Result<HostSettings> {
    let mut reading = Reading { place, alias, user, found: HostSettings::default() };
    if let Some(file) = place.in_ssh("config") {
        reading.file(&file, true, 0)?;
    }
    reading.file(Path::new(OF_THE_SYSTEM), true, 0)?;
    Ok(reading.found)
}

struct Reading<'a> {
    place: &'a SshPlace,
    alias: &'a str,
    user: Option<&'a str>,
    found: HostSettings,
}

impl Reading<'_> {
    fn file(&mut self, file: &Path, applies: bool, depth: usize) -> Result<()> {
        let text = match std::fs::read(file) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(unreadable(file, error)),
        };
        self.text(&text, file, applies, depth)
    }

    /// `applies` says whether the block that included this file applies; each Host or Match decides anew below it.
    fn text(&mut self, text: &str, file: &Path, applies: bool, depth: usize) -> Result<()> {
        let mut here = applies;
        for (keyword, arguments) in text.lines().filter_map(lines::parse) {
            match keyword.as_str() {
                "host" => here = applies && matches_list(&arguments, self.alias),
                "match" => here = applies && self.matches(&arguments),
                "include" if here && depth < DEEPEST => self.include(&arguments, file, depth)?,
                _ if here => self.take(&keyword, &arguments),
                _ => {}
            }
        }
        Ok(())
    }

    fn include(&mut self, patterns: &[String], file: &Path, depth: usize) -> Result<()> {
        for pattern in patterns {
            let written = match file.starts_with("/etc") && !pattern.starts_with(['/', '~']) {
                true => format!("/etc/ssh/{pattern}"),
                false => pattern.clone(),
            };
            for found in pattern::files(&self.place.path(&written)) {
                self.file(&found, true, depth + 1)?;
            }
        }
        Ok(())
    }

    /// All criteria must hold. What is not known, or would run a program, does not hold.
    fn matches(&self, criteria: &[String]) -> bool {
        let mut words = criteria.iter();
        while let Some(word) = words.next() {
            let (negated, name) = word.strip_prefix('!').map_or((false, word.as_str()), |name| (true, name));
            let host = self.found.host_name.as_deref().unwrap_or(self.alias);
            let holds = match name.to_ascii_lowercase().as_str() {
                "all" => true,
                "host" => words.next().is_some_and(|list| matches_commas(list, host)),
                "originalhost" => words.next().is_some_and(|list| matches_commas(list, self.alias)),
                "user" => {
                    let user = self.user.or(self.found.user.as_deref()).or(self.place.user.as_deref());
                    words.next().is_some_and(|list| user.is_some_and(|user| matches_commas(list, user)))
                }
                "localuser" => {
                    let user = self.place.user.as_deref();
                    words.next().is_some_and(|list| user.is_some_and(|user| matches_commas(list, user)))
                }
                _ => return false,
            };
            if holds == negated {
                return false;
            }
        }
        true
    }

    fn take(&mut self, keyword: &str, arguments: &[String]) {
        let Some(value) = arguments.first().filter(|value| !value.is_empty()).cloned() else { return };
        let found = &mut self.found;
        match keyword {
            "hostname" => first(&mut found.host_name, value.replace("%h", self.alias).replace("%%", "%")),
            "user" => first(&mut found.user, value),
            "port" => {
                if let Ok(port) = value.parse() {
                    first(&mut found.port, port);
                }
            }
            "identityfile" => found.identity_files.push(value),
            "identitiesonly" => first(&mut found.identities_only, value.eq_ignore_ascii_case("yes")),
            "proxyjump" if found.proxy_command.is_none() => first(&mut found.proxy_jump, value),
            "proxycommand" if found.proxy_jump.is_none() => {
                first(&mut found.proxy_command, arguments.join(" "));
            }
            "hostkeyalias" => first(&mut found.host_key_alias, value),
            _ => {}
        }
    }
}

fn matches_commas(list: &str, name: &str) -> bool {
    matches_list(&list.split(',').map(str::to_owned).collect::<Vec<_>>(), name)
}

fn first<T>(held: &mut Option<T>, value: T) {
    held.get_or_insert(value);
}

fn unreadable(file: &Path, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Storage, format!("{} cannot be read: {error}", file.display()))
        .hint("Look who owns it: ssh would not read it either.")
        .caused_by(error)
}

/// The identity files with ssh's tokens in place: home, host, the user there and the one here.
pub(super) fn identity_path(place: &SshPlace, written: &str, host: &str, user: &str) -> PathBuf {
    let home = place.home.as_deref().map(|home| home.display().to_string()).unwrap_or_default();
    let local = place.user.as_deref().unwrap_or_default();
    let mut path = String::new();
    let mut letters = written.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            path.push(letter);
            continue;
        }
        match letters.next() {
            Some('d') => path.push_str(&home),
            Some('h') => path.push_str(host),
            Some('r') => path.push_str(user),
            Some('u') => path.push_str(local),
            Some('%') | None => path.push('%'),
            Some(other) => path.extend(['%', other]),
        }
    }
    place.path(&path)
}

#[cfg(test)]
mod tests;
