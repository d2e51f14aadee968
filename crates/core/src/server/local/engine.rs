//! Finding a PostgreSQL to run: where it may be, which version it is, whether it is whole.
//!
//! An engine is a folder with `initdb`, `pg_ctl` and `postgres`. Debian's server package puts that folder where PATH
//! does not look; the npm engines keep it in `native/bin`; so the host's hints become a list of folders to try.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::job::JobContext;
use crate::server::OLDEST_MAJOR;
use crate::server::process::{self, Program};
use crate::{Error, ErrorKind, Result};

/// The programs that make a folder an engine.
const NEEDED: [&str; 3] = ["postgres", "initdb", "pg_ctl"];

/// What the host knows about where engines may be.
#[derive(Debug, Clone, Default)]
pub struct EngineHints {
    /// A folder that the user named: an engine, or the folder of its programs.
    pub explicit: Option<PathBuf>,
    /// The app's resources; its engines are in `engines/<major>`.
    pub resources_dir: Option<PathBuf>,
    /// The app's data folder; its engines are in `engines/<major>`.
    pub data_dir: Option<PathBuf>,
    /// The folders of PATH.
    pub path_dirs: Vec<PathBuf>,
}

/// A whole engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Engine {
    /// The folder of `postgres`.
    #[ts(type = "string")]
    pub bin: PathBuf,
    /// 17
    pub major: i32,
    /// "17.10"
    pub version: String,
}

impl Engine {
    /// The full path of one of its programs.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// Whether it ships a library that can be preloaded. `pg_config` would know, and many engines lack it.
    pub(super) fn has_library(&self, name: &str) -> bool {
        let file =
            |folder: &str| self.bin.join(folder).join(format!("{name}{}", std::env::consts::DLL_SUFFIX));
        let mac = |folder: &str| self.bin.join(folder).join(format!("{name}.so"));
        ["../lib", "../lib/postgresql", "../lib64/pgsql", "../lib/pgsql"]
            .iter()
            .any(|folder| file(folder).is_file() || mac(folder).is_file())
    }
}

/// Folders to try, best first: named, resources, app data, pg_config, PATH, the system's own places.
pub fn candidates(hints: &EngineHints) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if let Some(explicit) = &hints.explicit {
        found.extend(layouts(explicit));
    }
    for base in [&hints.resources_dir, &hints.data_dir].into_iter().flatten() {
        found.extend(newest_first(&base.join("engines"), "").iter().flat_map(|engine| layouts(engine)));
    }
    if !found.iter().any(|bin| holds_postgres(bin)) {
        // Asked only without an engine of our own: on Debian it is a script of 50 ms, on the way to every start.
        found.extend(pg_config_folder(&hints.path_dirs));
    }
    found.extend(hints.path_dirs.iter().filter(|folder| holds_postgres(folder)).cloned());
    found.extend(system_folders());
    let mut seen = std::collections::HashSet::new();
    found.retain(|folder| seen.insert(folder.clone()));
    found
}

/// Refuses a folder that the user named and that holds no engine: another one must not be taken in silence.
///
/// # Errors
/// `Missing`, with the programs that are looked for.
pub fn check_named(folder: &Path) -> Result<()> {
    if layouts(folder).iter().any(|bin| lacks(bin).is_none()) {
        return Ok(());
    }
    let started = layouts(folder).into_iter().find(|bin| holds_postgres(bin));
    let why = match started.as_ref().and_then(|bin| Some((bin, lacks(bin)?))) {
        Some((bin, name)) => format!("{} holds no {name}", bin.display()),
        None if folder.is_dir() => "neither it nor its bin holds a program called postgres".to_owned(),
        None => "there is no such folder".to_owned(),
    };
    Err(Error::new(ErrorKind::Missing, format!("no PostgreSQL can be run from {}: {why}", folder.display())))
}

/// A program that an engine needs and a folder has not.
fn lacks(bin: &Path) -> Option<&'static str> {
    let there = |name: &&str| bin.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)).is_file();
    NEEDED.into_iter().find(|name| !there(name))
}

/// An engine's programs are in it, in `bin`, or (npm) in `native/bin`.
fn layouts(engine: &Path) -> [PathBuf; 3] {
    [engine.join("native/bin"), engine.join("bin"), engine.to_owned()]
}

fn holds_postgres(folder: &Path) -> bool {
    folder.join(format!("postgres{}", std::env::consts::EXE_SUFFIX)).is_file()
}

/// Where the pg_config of the search path says that PostgreSQL's programs are.
fn pg_config_folder(path_dirs: &[PathBuf]) -> Option<PathBuf> {
    let name = format!("pg_config{}", std::env::consts::EXE_SUFFIX);
    let program = path_dirs.iter().map(|folder| folder.join(&name)).find(|path| path.is_file())?;
    process::one_line(&program, "--bindir").map(PathBuf::from)
}

/// Where packages of other systems and installers put PostgreSQL.
fn system_folders() -> Vec<PathBuf> {
    const VERSIONED: [(&str, &str); 7] = [
        ("/usr/lib/postgresql", ""),
        ("/usr", "pgsql-"),
        ("/usr/lib", "postgresql"),
        ("/opt/homebrew/opt", "postgresql@"),
        ("/usr/local/opt", "postgresql@"),
        ("/Applications/Postgres.app/Contents/Versions", ""),
        ("C:\\Program Files\\PostgreSQL", ""),
    ];
    let versioned = VERSIONED.into_iter().flat_map(|(base, prefix)| newest_first(Path::new(base), prefix));
    versioned.chain([PathBuf::from("/usr/local/pgsql")]).map(|engine| engine.join("bin")).collect()
}

/// The folders `<prefix><number>` in a folder, highest number first.
fn newest_first(base: &Path, prefix: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(base).into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let number = name.strip_prefix(prefix)?.split('.').next()?.parse().ok()?;
            Some((number, entry.path()))
        })
        .collect();
    found.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    found.into_iter().map(|(_, path)| path).collect()
}

/// Looks at one folder: an engine, or why it is none.
///
/// # Errors
/// `Missing` when a program is not there; `ToolFailed` when `postgres` does not run here.
pub async fn inspect(bin: &Path) -> Result<Engine> {
    let engine = Engine { bin: bin.to_owned(), major: 0, version: String::new() };
    if let Some(name) = lacks(bin) {
        return Err(Error::new(ErrorKind::Missing, format!("{} holds no {name}", bin.display())));
    }
    let said = Program::new(engine.program("postgres"))
        .arg("--version")
        .limit(Duration::from_secs(20))
        .run("cannot read an engine's version", &JobContext::detached())
        .await?;
    let (major, version) = parse_version(&said).ok_or_else(|| {
        Error::new(ErrorKind::ToolFailed, format!("{}/postgres gives no version: {said}", bin.display()))
    })?;
    Ok(Engine { major, version, ..engine })
}

/// The engine of the last start, when it is still the first to be taken: that spares asking every one for its version.
pub(super) fn remembered(search: &[PathBuf], bin: &Path, version: &str, major: i32) -> Option<Engine> {
    let first = search.iter().find(|bin| holds_postgres(bin))?;
    let same = first == bin || first.canonicalize().is_ok_and(|first| first == bin);
    let of_major = version.split('.').next().and_then(|text| text.parse().ok()) == Some(major);
    (same && of_major).then(|| Engine { bin: bin.to_owned(), major, version: version.to_owned() })
}

/// The first engine of a major, in the order of the folders.
///
/// # Errors
/// `Missing`, naming the engines of other majors that were found and why folders were passed over.
pub async fn find_major(search: &[PathBuf], major: i32) -> Result<Engine> {
    let all = find_all(search).await;
    let mut others: Vec<String> = all.engines.iter().map(|engine| engine.version.clone()).collect();
    others.dedup();
    all.engines.into_iter().find(|engine| engine.major == major).ok_or_else(|| {
        let found = if others.is_empty() {
            "none was found".to_owned()
        } else {
            format!("found: {}", others.join(", "))
        };
        Error::new(ErrorKind::Missing, format!("no PostgreSQL {major} engine on this machine ({found})"))
            .hint(format!(
                "Install PostgreSQL {major} (the server package), or name its folder in the settings."
            ))
            .detail(all.passed_over.join("\n"))
    })
}

/// The engine for a new cluster: the preferred major, else the first that is new enough.
///
/// # Errors
/// `Missing` when there is none.
pub async fn find(search: &[PathBuf], preferred: Option<i32>) -> Result<Engine> {
    let all = find_all(search).await;
    let usable: Vec<Engine> = all.engines.into_iter().filter(|engine| engine.major >= OLDEST_MAJOR).collect();
    let of_preferred = usable.iter().find(|engine| Some(engine.major) == preferred);
    of_preferred.or_else(|| usable.first()).cloned().ok_or_else(|| {
        Error::new(ErrorKind::Missing, "no PostgreSQL engine was found on this machine")
            .hint("Install PostgreSQL (the server package), or name the folder of an engine in the settings.")
            .detail(all.passed_over.join("\n"))
    })
}

/// What a search came to.
struct Found {
    engines: Vec<Engine>,
    /// Folders that look like engines and are not, with why.
    passed_over: Vec<String>,
}

async fn find_all(search: &[PathBuf]) -> Found {
    let mut found = Found { engines: Vec::new(), passed_over: Vec::new() };
    for bin in search.iter().filter(|bin| holds_postgres(bin)) {
        match inspect(bin).await {
            Ok(engine) => found.engines.push(engine),
            Err(error) => found.passed_over.push(error.to_string()),
        }
    }
    found
}

/// Reads `postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)`: also pre-releases such as 18beta1 and 19devel.
pub(in crate::server) fn parse_version(said: &str) -> Option<(i32, String)> {
    let (_, rest) = said.split_once("(PostgreSQL) ")?;
    let version = rest.split_whitespace().next()?;
    let digits = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    Some((version[..digits].parse().ok()?, version.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_packages_and_of_the_future_are_read() {
        let check = |said: &str, major: i32, version: &str| {
            assert_eq!(parse_version(said), Some((major, version.to_owned())), "{said}");
        };
        check("postgres (PostgreSQL) 17.10\n", 17, "17.10");
        check("pg_dump (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n", 15, "15.20");
        check("postgres (PostgreSQL) 19devel", 19, "19devel");
        assert_eq!(parse_version("bash: no such file"), None);
    }

    #[test]
    fn what_the_user_named_comes_first_then_resources_newest_first() {
        let folder = tempfile::tempdir().unwrap();
        for major in ["9", "15", "17"] {
            std::fs::create_dir_all(folder.path().join("engines").join(major)).unwrap();
        }
        let explicit = PathBuf::from("/opt/mine");
        let hints = EngineHints {
            explicit: Some(explicit.clone()),
            resources_dir: Some(folder.path().to_owned()),
            data_dir: Some(folder.path().to_owned()),
            ..EngineHints::default()
        };
        let found = candidates(&hints);
        assert_eq!(found[0], explicit.join("native/bin"));
        let at = |major: &str| {
            let bin = folder.path().join("engines").join(major).join("bin");
            found.iter().position(|folder| *folder == bin).unwrap()
        };
        assert!(at("17") < at("15") && at("15") < at("9"));
        assert_eq!(found.iter().filter(|folder| folder.ends_with("engines/17/bin")).count(), 1);
    }

    #[tokio::test]
    async fn a_folder_without_an_engine_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let error = find(&[folder.path().to_owned()], Some(17)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Missing);
        assert!(error.hint_text().unwrap().contains("Install PostgreSQL"));
    }
}
