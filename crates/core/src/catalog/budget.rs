//! A read that may be given up: counts over a whole table are worth a second, not a minute.

use sqlx::{Postgres, Transaction};

use crate::Result;
use crate::connection::Database;

/// Opens a transaction whose statements the server ends after so many milliseconds.
pub(crate) async fn within(database: &Database, milliseconds: u32) -> Result<Transaction<'static, Postgres>> {
    let mut transaction = database.pool().begin().await?;
    sqlx::query("select set_config('statement_timeout', $1, true)")
        .bind(format!("{milliseconds}ms"))
        .execute(&mut *transaction)
        .await?;
    Ok(transaction)
}

/// Whether the server ended the statement for its time.
pub(crate) fn took_too_long(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "57014")
}
