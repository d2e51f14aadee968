//! Sessions that a pooler hands from client to client after every transaction.
//!
//! A setting that outlives a transaction, a lock or a prepared statement would be left to a stranger: with
//! `default_transaction_read_only` an application could no longer write. So nothing of ours outlives one. A session that
//! is lent from our pool is one transaction from its first statement to its return: that keeps it on one session of the
//! server, its settings are `set local`, its statements are deallocated at the end, and it only reads. What needs more
//! asks for the server itself (`Database::direct`).

use sqlx::postgres::{PgConnection, PgTransactionManager};
use sqlx_core::transaction::TransactionManager as _;

use super::ConnectionProfile;
use crate::sql::SafeSql;

/// What others may have left on a session counts for none of our transactions.
pub(crate) const AS_AT_LOGIN: &str = include_str!("pooled_enter.sql");

/// Begins: from here on the session is the server's own, until `leave`.
pub(super) async fn enter(
    session: &mut PgConnection,
    profile: &ConnectionProfile,
) -> Result<(), sqlx::Error> {
    PgTransactionManager::begin(session, Some(SafeSql::new("begin read only").to_query())).await?;
    sqlx::raw_sql(settings(profile).to_query()).execute(session).await?;
    Ok(())
}

/// Ends. False where it cannot be ended in order: the session is to be closed, and the pooler throws the server's away.
pub(super) async fn leave(session: &mut PgConnection) -> bool {
    // In a transaction that failed this fails too.
    let left = sqlx::raw_sql(include_str!("pooled_leave.sql")).execute(&mut *session).await;
    left.is_ok() && PgTransactionManager::commit(session).await.is_ok()
}

/// What a transaction begins with.
pub(super) fn settings(profile: &ConnectionProfile) -> SafeSql {
    let limits = &profile.timeouts;
    SafeSql::new(AS_AT_LOGIN)
        .push("set local statement_timeout = ")
        .number(limits.statement_ms.into())
        .push("; set local lock_timeout = ")
        .number(limits.lock_ms.into())
        .push("; set local idle_in_transaction_session_timeout = ")
        .number(limits.idle_in_transaction_ms.into())
        .push("; set local DateStyle = 'ISO, YMD'; set local IntervalStyle = 'postgres'")
}
