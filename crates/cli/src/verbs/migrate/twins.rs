//! `--write-ruby DIR`: which files are written for rake, and whether they have a folder to go into.

use std::path::Path;

use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::migrate::{Direction, MigrationPlan};
use evaldesk_api::{ErrorReport, Result};

use crate::print;

/// A folder that is not there is a slip of the hand, and told before anything is planned.
pub(super) fn check(folder: Option<&Path>) -> Result<()> {
    match folder.filter(|folder| !folder.is_dir()) {
        None => Ok(()),
        Some(folder) => Err(ErrorReport::new(
            ErrorKind::InvalidArguments,
            format!("--write-ruby: there is no folder {}", folder.display()),
        )
        .hint("It is the folder of the application's migrations, db/migrate as a rule.")),
    }
}

/// Names what is written beside the SQL: only what goes up is.
pub(super) fn tell(plan: &MigrationPlan, folder: Option<&Path>, words: &str) {
    let Some(folder) = folder else { return };
    for step in plan.steps.iter().filter(|step| step.direction == Direction::Up) {
        let file = folder.join(format!("{}_{}.rb", step.version, step.name));
        print::note(&print::tame(&format!("{words} {}", file.display())));
    }
}
