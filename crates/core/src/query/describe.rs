//! What the server says of a statement that it parses and does not run.

use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Executor as _};

use super::column::{self, Described};
use crate::Result;
use crate::sql::SafeSql;

/// Asks for the columns of a statement; none where it gives no rows. It stays prepared until `forget`.
///
/// # Errors
/// What the server says of the statement. An error that is not the server's is the driver's, of what it cannot read.
pub(super) async fn describe(session: &mut PgConnection, sql: &SafeSql) -> Result<Vec<Described>> {
    // The driver would tell what it prepared before, also columns that a table no longer has.
    forget(session).await;
    let prepared = session.prepare(sql.to_query()).await?;
    Ok(column::described(sqlx::Statement::columns(&prepared)))
}

/// Leaves nothing prepared.
pub(super) async fn forget(session: &mut PgConnection) {
    let _ = session.clear_cached_statements().await;
}
