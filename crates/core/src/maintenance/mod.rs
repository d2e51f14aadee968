//! Upkeep of tables: vacuum and analyze, with what it will do said before, and how far it is while it runs.
//!
//! Each statement runs on a session of its own; a second session watches it, says who is in its way, and cancels it.

mod blocker;
mod outcome;
mod plan;
mod progress;
mod run;
mod watch;

pub use blocker::Blocker;
pub use outcome::{VacuumOutcome, VacuumedTable};
pub use plan::{
    SkipReason, VacuumPlan, VacuumRequest, VacuumStep, VacuumWork, plan_vacuum, plan_vacuum_analyze,
};
pub use run::{apply_vacuum, apply_vacuum_analyze};
