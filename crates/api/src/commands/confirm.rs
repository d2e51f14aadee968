//! What must be typed before a command runs: the database's name, on production and wherever data dies.

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::{Database, Environment};

use crate::{ErrorReport, Result};

/// Production asks for its database's name.
pub(super) fn require_on_production(database: &Database, typed: Option<&str>) -> Result<()> {
    if database.profile().environment != Environment::Production {
        return Ok(());
    }
    require(database, typed, &format!("{} is production", database.profile().name))
}

/// What Rails wrote down counts, whatever the profile says.
pub(super) fn require_where_rails_says_production(
    database: &Database,
    environment: Option<&str>,
    typed: Option<&str>,
) -> Result<()> {
    if !environment.is_some_and(|name| name.trim().eq_ignore_ascii_case("production")) {
        return Ok(());
    }
    require(database, typed, "ar_internal_metadata says that this database is production")
}

/// Data that dies asks for the name in every environment.
pub(super) fn require_where_data_dies(database: &Database, typed: Option<&str>, dies: &str) -> Result<()> {
    require(database, typed, &format!("this deletes {dies}"))
}

fn require(database: &Database, typed: Option<&str>, why: &str) -> Result<()> {
    let name = database.profile().database.as_str();
    let message = match typed {
        Some(typed) if typed == name => return Ok(()),
        Some(typed) => format!("{typed} is not the name of the database, which is {name}"),
        None => format!("{why}: the database's name is asked for"),
    };
    Err(ErrorReport::new(ErrorKind::Refused, message)
        .hint(format!("Type {name} to confirm; on the command line --confirm {name}.")))
}
