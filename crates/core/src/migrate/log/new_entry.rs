//! What an entry begins with.

use super::entry::{EntryId, LoggedScript};
use crate::migrate::file::{Migration, Script};
use crate::migrate::{Direction, PlannedMigration, ScriptRole, Version};

/// A file larger than this is logged by its sum alone.
pub(super) const LARGEST_TEXT: usize = 1 << 20;

/// An entry that is about to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    pub version: Version,
    pub name: String,
    pub direction: Direction,
    pub transactional: bool,
    pub scripts: Vec<LoggedScript>,
    pub statements_total: u32,
    /// More than none where it goes on with a run that broke off.
    pub statements_done: u32,
    pub fingerprint_before: Option<String>,
    pub note: Option<String>,
    pub continues: Option<EntryId>,
}

impl NewEntry {
    /// A run of a migration's files, one way.
    pub fn of(migration: &Migration, direction: Direction) -> Self {
        let script = match direction {
            Direction::Up => Some(&migration.up),
            Direction::Down => migration.down.as_ref(),
        };
        let scripts = scripts(migration);
        Self {
            version: migration.version.clone(),
            name: migration.name.clone(),
            direction,
            transactional: script.is_none_or(|script| !script.directives.no_transaction),
            note: too_large(&scripts),
            scripts,
            statements_total: script.map_or(0, |script| count(script.statements.len())),
            statements_done: 0,
            fingerprint_before: None,
            continues: None,
        }
    }

    /// A decision about a version that has no file here.
    pub fn without_file(version: &Version, name: &str) -> Self {
        Self {
            version: version.clone(),
            name: name.to_owned(),
            direction: Direction::Up,
            transactional: true,
            scripts: Vec::new(),
            statements_total: 0,
            statements_done: 0,
            fingerprint_before: None,
            note: None,
            continues: None,
        }
    }

    /// A step of a plan, which may go on where another entry broke off.
    pub fn of_step(migration: &Migration, step: &PlannedMigration) -> Self {
        Self {
            continues: step.continues,
            statements_done: step.done_before,
            ..Self::of(migration, step.direction)
        }
    }
}

fn scripts(migration: &Migration) -> Vec<LoggedScript> {
    let roles = [ScriptRole::Up, ScriptRole::Down, ScriptRole::Verify];
    roles.into_iter().filter_map(|role| Some(logged(role, migration.script(role)?))).collect()
}

fn logged(role: ScriptRole, script: &Script) -> LoggedScript {
    LoggedScript {
        role,
        file: script.file.clone(),
        sha384: script.sha384.clone(),
        sql: (script.sql.len() <= LARGEST_TEXT).then(|| script.sql.clone()),
    }
}

fn too_large(scripts: &[LoggedScript]) -> Option<String> {
    let files: Vec<_> =
        scripts.iter().filter(|script| script.sql.is_none()).map(|script| script.file.as_str()).collect();
    let what = "larger than 1 MB: its text is not kept, only its sum";
    (!files.is_empty()).then(|| format!("{} is {what}", files.join(", ")))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
