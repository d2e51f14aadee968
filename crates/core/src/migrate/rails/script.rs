//! A file of Ruby as a plan has it: one line, which rake is called with in the application's root.

use super::{Rake, RakeTask};
use crate::migrate::Direction;
use crate::migrate::file::{FileProblem, Migration, Script};
use crate::sql::split::Statement;
use crate::{Error, Result};

/// Why a file of Ruby cannot be run, as long as nobody has set how rake is called.
pub(in crate::migrate) fn without_rake(file: &str) -> FileProblem {
    FileProblem::new(
        file,
        "is Ruby, which only rake can run, and the connection's settings name no rake",
        "Set how it is called there (\"bundle exec rake\" or \"rake\"), or run it in the application by hand.",
    )
}

/// Has a version run by rake, both ways; or keeps why it cannot be.
pub(in crate::migrate) fn run_by(migration: &mut Migration, rake: &Result<Rake>) {
    let version = migration.version.clone();
    let (up, down) = (RakeTask::Up { version: version.clone() }, RakeTask::Down { version });
    line(&mut migration.up, rake, &up);
    if let Some(script) = &mut migration.down {
        line(script, rake, &down);
    }
}

fn line(script: &mut Script, rake: &Result<Rake>, task: &RakeTask) {
    match rake {
        Ok(rake) => {
            script.problem = None;
            script.statements = vec![Statement { text: rake.shown(task), line: 0, start: 0, end: 0 }];
        }
        Err(error) => script.problem = Some(cannot_run(&script.file, error)),
    }
}

fn cannot_run(file: &str, error: &Error) -> FileProblem {
    let hint = error.hint_text().unwrap_or_default();
    FileProblem::new(file, format!("cannot be run: {}", error.message()), hint)
}

impl RakeTask {
    /// One version, one way.
    pub(in crate::migrate) fn of(version: &crate::migrate::Version, direction: Direction) -> Self {
        let version = version.clone();
        match direction {
            Direction::Up => Self::Up { version },
            Direction::Down => Self::Down { version },
        }
    }
}
