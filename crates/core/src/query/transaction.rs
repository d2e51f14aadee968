//! The transaction of a tab's session: asked of the server, ended by the user, or after a while by us.

use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::postgres::PgConnection;
use ts_rs::TS;

use super::state::TransactionState;
use crate::{Error, ErrorKind, Result};

/// `in_failed_sql_transaction`.
const FAILED: &str = "25P02";

/// Outside of a transaction every statement is one of its own, which begins with it.
const ASK: &str = "select now() <> statement_timestamp(), \
    (extract(epoch from clock_timestamp() - now()) * 1000)::int8";

/// How the user ends a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum QueryTransactionAction {
    Commit,
    Rollback,
}

/// Asks the session for its transaction, and how many milliseconds it has been open.
pub(super) async fn ask(session: &mut PgConnection) -> Result<(TransactionState, Option<u64>)> {
    match ask_once(session).await {
        // A cancel of the statement before came late.
        Err(error) if error.kind() == ErrorKind::Cancelled => ask_once(session).await,
        asked => asked,
    }
}

async fn ask_once(session: &mut PgConnection) -> Result<(TransactionState, Option<u64>)> {
    match sqlx::raw_sql(ASK).fetch_one(session).await {
        Ok(row) if row.try_get(0)? => {
            let since: i64 = row.try_get(1)?;
            Ok((TransactionState::Open, Some(since.unsigned_abs())))
        }
        Ok(_) => Ok((TransactionState::None, None)),
        Err(error) => {
            let error = Error::from(error);
            let failed = error.server().is_some_and(|server| server.sqlstate == FAILED);
            if failed { Ok((TransactionState::Failed, None)) } else { Err(error) }
        }
    }
}

/// Whether a statement of this verb can have begun or ended a transaction.
pub(super) fn may_change(before: TransactionState, verb: &str) -> bool {
    let never =
        ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "SHOW", "EXPLAIN", "FETCH", "VALUES", "TABLE"];
    before != TransactionState::None || !never.contains(&verb)
}

/// Ends the transaction.
pub(super) async fn end(session: &mut PgConnection, action: QueryTransactionAction) -> Result<()> {
    let sql = match action {
        QueryTransactionAction::Commit => "commit",
        QueryTransactionAction::Rollback => "rollback",
    };
    Ok(sqlx::raw_sql(sql).execute(session).await.map(|_| ())?)
}
