//! A folder of Ruby, run by rake; and our own versions written as Ruby, so that rake knows them too.

mod check;
mod environment;
mod output;
mod passfile;
mod rake;
mod run;
mod twin;

use crate::{Error, ErrorKind};

pub use check::{RakeStatus, check_database, check_ran_here, status};
pub use rake::{Rake, RakeTask};
pub use run::{RakeOutcome, run};
pub use twin::{write_skeleton, write_twin};

pub(super) use twin::is_twin;

/// Why a file of Ruby cannot be run here, and what to set.
pub(super) fn not_run_here(file: &str) -> Error {
    Error::new(ErrorKind::Precondition, format!("{file} is Ruby, which only rake can run, and no rake is set")).hint(
        "Set how rake is called in the connection's settings (\"bundle exec rake\" or \"rake\"), or run it there by hand.",
    )
}
