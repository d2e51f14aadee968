//! Refusing a script that a pooled session cannot carry, before any of it is sent.

use super::objection::{Objection, objection};
use crate::connection::Database;
use crate::query::parameter;
use crate::query::script::Script;
use crate::{Error, ErrorKind, Result};

/// Refuses what would be left to whoever gets the session next, and what cannot run in a transaction. On a session of
/// the server's own there is nothing to refuse.
///
/// # Errors
/// `Refused` with the statement, why, and where the server itself is.
pub(in crate::query) fn check(database: &Database, script: &Script) -> Result<()> {
    let Some(pooler) = database.pooler().filter(|pooler| pooler.mode.is_shared()) else { return Ok(()) };
    let major = u32::try_from(database.version().major).unwrap_or_default();
    for statement in &script.statements {
        let Some(found) = objection(&parameter::as_sent(&statement.text), major) else { continue };
        let Objection { what, why, instead } = found;
        let line = match script.statements.len() {
            1 => String::new(),
            _ => format!(" in line {}", statement.line),
        };
        let message = format!(
            "{what}{line} was not sent: {} shares the server's sessions between its clients, and {why}",
            pooler.called()
        );
        return Err(Error::new(ErrorKind::Refused, message).hint(format!("{instead}{}", pooler.itself())));
    }
    Ok(())
}

/// `active_sql_transaction`, `invalid_transaction_termination`: what its text did not show.
const OUTSIDE: [&str; 2] = ["25001", "2D000"];

/// Whether a statement failed because it has to run outside of a transaction.
pub(in crate::query) fn needs_no_transaction(error: &Error) -> bool {
    error.server().is_some_and(|server| OUTSIDE.contains(&server.sqlstate.as_str()))
}

/// Says where it could, where a pooler is why there is a transaction.
pub(in crate::query) fn advised(error: Error, database: &Database) -> Error {
    match database.pooler().filter(|pooler| pooler.mode.is_shared()) {
        None => error,
        Some(pooler) => error.hint(format!(
            "Through {} every statement runs in a transaction. {}",
            pooler.called(),
            pooler.itself()
        )),
    }
}
