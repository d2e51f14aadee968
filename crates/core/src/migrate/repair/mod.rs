//! Mending what a state complains of, each by its own verb, and never by itself.

mod verb;

pub use verb::RepairVerb;
