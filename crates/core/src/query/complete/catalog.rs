//! Reading the catalog for completion: through the pool, in a transaction that waits for no lock and takes no long time.

use sqlx::{FromRow, PgTransaction, Postgres};

use crate::Result;
use crate::connection::Database;

/// More relations are not listed: nobody picks from so many.
const MOST_RELATIONS: i64 = 200_000;

/// A table, a view and the like.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Relation {
    pub(super) oid: i64,
    pub(super) schema: String,
    pub(super) name: String,
    kind: String,
    pub(super) partition: bool,
}

impl Relation {
    /// In words.
    pub(super) fn kind(&self) -> &'static str {
        if matches!(self.kind.as_str(), "v" | "m") { "view" } else { "table" }
    }
}

/// A function by its name.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Function {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) arguments: Option<String>,
    pub(super) variants: i32,
}

/// A column of a relation.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Column {
    pub(super) relation: i64,
    pub(super) name: String,
    pub(super) type_name: String,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(super) struct Key {
    pub(super) relation: i64,
    pub(super) target: i64,
    pub(super) columns: Vec<String>,
    pub(super) target_columns: Vec<String>,
}

/// A transaction that only reads, waits for no lock and is ended by the server when it takes long.
pub(super) async fn begin(database: &Database) -> Result<PgTransaction<'static>> {
    let mut transaction = database.pool().begin().await?;
    let limits =
        "set transaction read only; set local lock_timeout = '200ms'; set local statement_timeout = '5s'";
    sqlx::raw_sql(limits).execute(&mut *transaction).await?;
    Ok(transaction)
}

/// The schemas that names are looked for in, those that are looked in without being named included.
pub(super) async fn search_path(transaction: &mut PgTransaction<'_>) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar("select current_schemas(true)::text[]").fetch_one(&mut **transaction).await?)
}

pub(super) async fn relations(transaction: &mut PgTransaction<'_>) -> Result<Vec<Relation>> {
    let query = sqlx::query_as::<Postgres, Relation>(include_str!("relations.sql"));
    Ok(query.bind(MOST_RELATIONS).fetch_all(&mut **transaction).await?)
}

pub(super) async fn functions(transaction: &mut PgTransaction<'_>) -> Result<Vec<Function>> {
    Ok(sqlx::query_as(include_str!("functions.sql")).fetch_all(&mut **transaction).await?)
}

pub(super) async fn columns(transaction: &mut PgTransaction<'_>, relations: &[i64]) -> Result<Vec<Column>> {
    Ok(sqlx::query_as(include_str!("columns.sql")).bind(relations).fetch_all(&mut **transaction).await?)
}

pub(super) async fn keys(transaction: &mut PgTransaction<'_>, relations: &[i64]) -> Result<Vec<Key>> {
    Ok(sqlx::query_as(include_str!("keys.sql")).bind(relations).fetch_all(&mut **transaction).await?)
}
