//! PostgreSQL's client programs: which one fits a server.
//!
//! `pg_dump` must be of the server's major or newer, and what a newer `pg_restore` writes an older server may refuse.
//! So the server's own major comes first, then the nearest newer one; an older one is no choice at all.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::local::engine::parse_version;
use super::process::Program;
use crate::job::JobContext;
use crate::{Error, ErrorKind, Result};

/// A client program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ClientTool {
    Dump,
    DumpAll,
    Restore,
    Psql,
    BaseBackup,
    VerifyBackup,
}

impl ClientTool {
    /// The program's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dump => "pg_dump",
            Self::DumpAll => "pg_dumpall",
            Self::Restore => "pg_restore",
            Self::Psql => "psql",
            Self::BaseBackup => "pg_basebackup",
            Self::VerifyBackup => "pg_verifybackup",
        }
    }
}

/// A client program that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FoundTool {
    /// What it is.
    pub tool: ClientTool,
    /// Its full path.
    #[ts(type = "string")]
    pub path: PathBuf,
    /// 17
    pub major: i32,
    /// "17.10"
    pub version: String,
}

/// Every working copy of a program in the folders, in their order.
pub async fn find_all(tool: ClientTool, search: &[PathBuf]) -> Vec<FoundTool> {
    let mut found = Vec::new();
    for folder in search {
        let path = folder.join(format!("{}{}", tool.name(), std::env::consts::EXE_SUFFIX));
        if path.is_file()
            && let Some((major, version)) = version_of(&path).await
        {
            found.push(FoundTool { tool, path, major, version });
        }
    }
    found
}

/// The program that fits a server best: of its major, else the nearest newer.
///
/// # Errors
/// `Missing`, naming what was found.
pub async fn find(tool: ClientTool, search: &[PathBuf], server_major: i32) -> Result<FoundTool> {
    let all = find_all(tool, search).await;
    best(&all, server_major).cloned().ok_or_else(|| missing(tool, &all, server_major))
}

fn best(all: &[FoundTool], server_major: i32) -> Option<&FoundTool> {
    all.iter().filter(|found| found.major >= server_major).min_by_key(|found| found.major)
}

fn missing(tool: ClientTool, all: &[FoundTool], server_major: i32) -> Error {
    let name = tool.name();
    let versions: Vec<&str> = all.iter().map(|found| found.version.as_str()).collect();
    let found = if versions.is_empty() {
        "none was found".to_owned()
    } else {
        format!("found: {}", versions.join(", "))
    };
    Error::new(
        ErrorKind::Missing,
        format!("no {name} of PostgreSQL {server_major} or newer on this machine ({found})"),
    )
    .hint(format!(
        "Install PostgreSQL's client programs (Debian and Ubuntu: postgresql-client-{server_major})."
    ))
}

async fn version_of(path: &Path) -> Option<(i32, String)> {
    let run = Program::new(path).arg("--version").limit(Duration::from_secs(20));
    parse_version(&run.run("cannot read a program's version", &JobContext::detached()).await.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(major: i32) -> FoundTool {
        FoundTool { tool: ClientTool::Dump, path: PathBuf::new(), major, version: major.to_string() }
    }

    #[test]
    fn the_servers_own_major_then_the_nearest_newer_never_an_older() {
        let all = [found(18), found(15), found(17)];
        let check = |server: i32, expected: Option<i32>| {
            assert_eq!(best(&all, server).map(|found| found.major), expected, "{server}");
        };
        check(15, Some(15));
        check(16, Some(17));
        check(12, Some(15));
        check(19, None);
    }

    #[tokio::test]
    async fn what_is_missing_is_said_with_what_was_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pg_dump");
        std::fs::write(&path, "#!/bin/sh\necho 'pg_dump (PostgreSQL) 13.23'\n").unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let error = find(ClientTool::Dump, &[folder.path().to_owned()], 17).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Missing);
        assert!(error.message().contains("found: 13.23"), "{error}");
    }
}
