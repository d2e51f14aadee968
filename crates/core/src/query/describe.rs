//! What the server says of a statement that it parses and does not run.

use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Either, Executor as _, Statement as _};

use super::column::{self, Described};
use crate::Result;
use crate::sql::SafeSql;

/// A statement as the server describes it.
pub(super) struct Description {
    /// None where it gives no rows.
    pub(super) columns: Vec<Described>,
    /// The types of its parameters, `$1` first.
    pub(super) parameters: Vec<u32>,
}

/// Asks what a statement takes and gives. It stays prepared until `forget`.
///
/// # Errors
/// What the server says of the statement. An error that is not the server's is the driver's, of what it cannot read.
pub(super) async fn describe(session: &mut PgConnection, sql: &SafeSql) -> Result<Description> {
    // The driver would tell what it prepared before, also columns that a table no longer has.
    forget(session).await;
    let prepared = session.prepare(sql.to_query()).await?;
    let types = match prepared.parameters() {
        Some(Either::Left(types)) => types,
        _ => &[],
    };
    let parameters = types.iter().map(|known| known.oid().map_or(0, |oid| oid.0)).collect();
    Ok(Description { columns: column::described(prepared.columns()), parameters })
}

/// Leaves nothing prepared.
pub(super) async fn forget(session: &mut PgConnection) {
    let _ = session.clear_cached_statements().await;
}
