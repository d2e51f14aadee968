//! The tables of migration tools, told by their columns. They are books, not schema: no fingerprint counts them.

use sqlx::PgConnection;

use crate::Result;

/// A table that a migration tool keeps.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LedgerTable {
    /// rails, dbmate, sqlx, golang_migrate, flyway, liquibase, refinery, atlas, sqitch; evaldesk where it is
    /// Rails' shape and Rails is not there.
    pub tool: String,
    pub oid: i64,
    pub schema: String,
    pub name: String,
    pub columns: Vec<String>,
}

/// Every one of them in the database, in any schema.
pub async fn ledger_tables(session: &mut PgConnection) -> Result<Vec<LedgerTable>> {
    Ok(sqlx::query_as(include_str!("ledgers.sql")).fetch_all(session).await?)
}
