//! What a host tells of the person and the machine: core asks neither the environment nor the home folder.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// Where a person's files are, and which variables are set.
#[derive(Clone, Default)]
pub struct Surroundings {
    /// The home folder.
    pub home: Option<PathBuf>,
    /// The folder that a command line is in; a window is in none.
    pub folder: Option<PathBuf>,
    /// What the operating system calls the person.
    pub user: Option<String>,
    /// The environment. It holds secrets.
    pub variables: HashMap<String, String>,
    /// Folders where a server may have its socket.
    pub socket_folders: Vec<PathBuf>,
}

impl Surroundings {
    /// A variable that is set and not empty.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// As libpq looks for its passwords: PGPASSFILE, else ~/.pgpass
    /// (<https://www.postgresql.org/docs/current/libpq-pgpass.html>).
    pub(super) fn pgpass(&self) -> Option<PathBuf> {
        self.variable("PGPASSFILE").map(PathBuf::from).or_else(|| {
            self.own_folder().map(|folder| folder.join(if cfg!(windows) { "pgpass.conf" } else { ".pgpass" }))
        })
    }

    /// As libpq looks for services: the person's own file, then the system's
    /// (<https://www.postgresql.org/docs/current/libpq-pgservice.html>).
    pub(super) fn service_files(&self) -> Vec<PathBuf> {
        let own = self.variable("PGSERVICEFILE").map(PathBuf::from);
        let own = own.or_else(|| self.own_folder().map(|folder| folder.join(".pg_service.conf")));
        let system = self.variable("PGSYSCONFDIR").map(|folder| Path::new(folder).join("pg_service.conf"));
        own.into_iter().chain(system).collect()
    }

    fn own_folder(&self) -> Option<PathBuf> {
        match self.variable("APPDATA") {
            Some(data) if cfg!(windows) => Some(Path::new(data).join("postgresql")),
            _ => self.home.clone(),
        }
    }

    /// Whom libpq signs in as when nobody is named.
    pub fn default_user(&self) -> String {
        let user = self.variable("PGUSER").or(self.user.as_deref());
        user.unwrap_or("postgres").to_owned()
    }

    /// Where libpq connects when no host is named: PGHOST, else a socket here, else localhost.
    pub(super) fn default_host(&self) -> String {
        if let Some(host) = self.variable("PGHOST") {
            return host.to_owned();
        }
        let mut folders = super::sockets::with_sockets(self).into_iter();
        folders.next().map_or_else(|| "localhost".to_owned(), |(folder, _)| folder)
    }
}

impl fmt::Debug for Surroundings {
    /// The names of variables alone: their values may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.variables.keys().collect();
        f.debug_struct("Surroundings").field("home", &self.home).field("variables", &names).finish()
    }
}
