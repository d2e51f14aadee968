//! The databases of a server: listed, made, dropped.

mod create;
mod drop;
mod encoding;
mod list;

use crate::{Error, ErrorKind, Result};

pub use create::{
    DatabaseCreatePlan, DatabaseCreateRequest, DatabaseLocale, LocaleProvider, apply_database_create,
    plan_database_create,
};
pub use drop::{
    DatabaseDropPlan, DatabaseDropRequest, DatabaseSession, apply_database_drop, plan_database_drop,
};
pub use encoding::ServerEncoding;
pub use list::{ServerDatabase, list_databases};

/// NAMEDATALEN - 1: the server would cut a longer name off.
const LONGEST: usize = 63;

/// Refuses a name that a server would cut off, or that tools for the command line stumble over.
fn require_name(name: &str) -> Result<()> {
    let why = if name.trim().is_empty() {
        "it is empty".to_owned()
    } else if name.len() > LONGEST {
        format!("it has {} bytes, and the server cuts off after {LONGEST}", name.len())
    } else if name.chars().any(char::is_control) {
        "it holds a line break or another control character".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::InvalidArguments, format!("the database cannot be called that: {why}"))
        .hint("Choose another name."))
}

fn require_hash(shown: &str, fresh: &str) -> Result<()> {
    if shown == fresh {
        return Ok(());
    }
    Err(Error::new(ErrorKind::StalePlan, "the plan is stale: things are different by now")
        .hint("Make the plan again and look at it."))
}
