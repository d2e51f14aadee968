//! A folder of Ruby, run by rake; and our own versions written as Ruby, so that rake knows them too.

mod check;
mod environment;
mod output;
mod partial;
mod passfile;
mod rake;
mod run;
mod script;
mod twin;

pub use check::{RakeStatus, check_database, check_ran_here, status};
pub use rake::{Rake, RakeTask};
pub use run::{RakeOutcome, run};
pub use twin::write_twin;

pub(super) use partial::{has_no_statements, what_is_left};
pub(super) use script::{run_by, without_rake};
pub(super) use twin::{is_twin, write_skeleton};
