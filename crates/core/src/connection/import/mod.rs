//! Connections that are already written down somewhere: a URL, Rails' database.yml, variables, libpq's own files.
//!
//! Two steps. A plan tells what was found, what of it is saved already and what is wrong by line; an import reads the
//! source again and takes what was named. So a password goes from where it stands to the keyring, past no window.

mod conninfo;
mod database_yml;
mod environment;
mod file;
mod pgpass;
mod plan;
mod reading;
mod service;
mod sockets;
mod source;
mod surroundings;

pub(super) use conninfo::is_keyword;
pub use plan::free_name;
pub use plan::{FoundPassword, ImportFound, ImportPlan};
pub use reading::{Candidate, ImportProblem, Reading};
pub use source::{ImportDiscovery, ImportKind, ImportSource, discover, read};
pub use surroundings::Surroundings;

#[cfg(test)]
mod tests;
