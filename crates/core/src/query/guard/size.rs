//! How much dies: rows and bytes of what a statement names.

use sqlx::FromRow;

use super::kills::Scope;
use crate::catalog::{TableName, took_too_long, within};
use crate::connection::Database;
use crate::sql::SafeSql;
use crate::sql::statement::bare_name;
use crate::{Error, Result};

/// Up to here the rows are counted one by one, if that takes no longer than `PATIENCE_MS`.
const SMALL: i64 = 8 << 20;
const PATIENCE_MS: u32 = 500;

/// How much something holds; unknown where the catalog does not tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) rows: Option<i64>,
    pub(super) bytes: Option<i64>,
    /// The rows are the planner's guess.
    pub(super) estimated: bool,
}

#[derive(FromRow)]
struct Found {
    rows: Option<i64>,
    bytes: Option<i64>,
    countable: Option<bool>,
    schema: Option<String>,
    name: Option<String>,
}

/// Looks up how much something holds. What is not there holds nothing that is known.
///
/// # Errors
/// When the catalog cannot be asked.
pub(super) async fn size(database: &Database, scope: &Scope) -> Result<Size> {
    match scope {
        Scope::Relation(name) => relation(database, name).await,
        Scope::Schema(name) => {
            let row: (Option<i64>, Option<i64>) = sqlx::query_as(include_str!("size_schema.sql"))
                .bind(bare_name(name))
                .fetch_one(database.pool())
                .await?;
            Ok(Size { rows: row.0, bytes: row.1, estimated: true })
        }
        Scope::Database(name) => {
            let sql = "select pg_database_size(oid) from pg_database where datname = $1";
            let bytes = sqlx::query_scalar(sql).bind(bare_name(name)).fetch_optional(database.pool()).await;
            // Sizes of other databases need a grant; without one nothing is said.
            Ok(Size { rows: None, bytes: bytes.unwrap_or_default(), estimated: false })
        }
        Scope::Other(_) => Ok(Size::default()),
    }
}

async fn relation(database: &Database, name: &str) -> Result<Size> {
    let found = sqlx::query_as(include_str!("size.sql")).bind(name).fetch_one(database.pool()).await;
    // A name that is none (three parts) is the server's to speak of when the statement runs.
    let Ok::<Found, _>(found) = found else { return Ok(Size::default()) };
    let estimate = Size { rows: found.rows, bytes: found.bytes, estimated: true };
    let small = found.bytes.is_some_and(|bytes| bytes <= SMALL) && found.countable == Some(true);
    let Some((schema, name)) = found.schema.zip(found.name).filter(|_| small) else { return Ok(estimate) };
    let counted = count(database, &TableName::new(schema, name)).await?;
    Ok(counted.map_or(estimate, |rows| Size { rows: Some(rows), estimated: false, ..estimate }))
}

/// `None` where counting takes too long, or waits for somebody's lock.
async fn count(database: &Database, table: &TableName) -> Result<Option<i64>> {
    let mut transaction = within(database, PATIENCE_MS).await?;
    let sql = SafeSql::new("select count(*) from ").name(&table.qualified());
    match sqlx::query_scalar(sql.to_query()).fetch_one(&mut *transaction).await {
        Ok(rows) => Ok(Some(rows)),
        Err(error) if took_too_long(&error) => Ok(None),
        Err(error) => {
            let error = Error::from(error);
            match error.kind() {
                crate::ErrorKind::LockTimeout | crate::ErrorKind::PermissionDenied => Ok(None),
                _ => Err(error.while_doing(&format!("cannot count {table}"))),
            }
        }
    }
}
