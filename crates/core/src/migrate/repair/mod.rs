//! Mending what a state complains of, each by its own verb, and never by itself. Every repair is a plan first, runs under
//! the migration locks, and leaves an entry in the log.

mod apply;
mod choose;
mod needed;
mod plan;
mod restore;
mod verb;
mod words;

pub use apply::apply_repair;
pub use needed::{Needed, repairs};
pub use plan::{FileWrite, RepairPlan, plan_repair};
pub use verb::RepairVerb;
