//! The proof: every table's rows counted and hashed in both clusters, and every other object counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnection;
use ts_rs::TS;

use crate::connection::Secret;
use crate::ident::QualifiedName;
use crate::job::{JobContext, Progress};
use crate::server::local::session;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// One table, equal in both clusters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TableCheck {
    pub database: String,
    pub table: String,
    #[ts(type = "number")]
    pub rows: i64,
    /// A sum over the hashes of the rows, so their order does not matter.
    pub hash: String,
}

/// Compares every database; gives the tables, or the first difference as an error.
pub(super) async fn compare(
    databases: &[String],
    old_port: u16,
    new_port: u16,
    password: &Secret,
    job: &JobContext,
) -> Result<Vec<TableCheck>> {
    let mut all = Vec::new();
    for database in databases {
        job.progress(Progress::phase(format!("comparing the database {database}")));
        let mut old = session::connect(old_port, database, password).await?;
        let mut new = session::connect(new_port, database, password).await?;
        let (before, after) = (objects(&mut old).await?, objects(&mut new).await?);
        same(database, "objects", &before, &after)?;
        all.extend(compare_tables(database, &mut old, &mut new, job).await?);
        // The new cluster knows nothing of its tables' contents until it is told to look.
        sqlx::raw_sql("analyze").execute(&mut new).await?;
    }
    Ok(all)
}

async fn compare_tables(
    database: &str,
    old: &mut PgConnection,
    new: &mut PgConnection,
    job: &JobContext,
) -> Result<Vec<TableCheck>> {
    let tables: Vec<(String, String)> =
        sqlx::query_as(include_str!("tables.sql")).fetch_all(&mut *old).await?;
    let mut checks = Vec::new();
    for (schema, name) in tables {
        job.check()?;
        let table = QualifiedName::new(schema, name);
        let (before, after) = (contents(old, &table).await?, contents(new, &table).await?);
        same(database, &table.to_string(), &before, &after)?;
        let (rows, hash) = before;
        checks.push(TableCheck { database: database.to_owned(), table: table.to_string(), rows, hash });
    }
    Ok(checks)
}

async fn contents(session: &mut PgConnection, table: &QualifiedName) -> Result<(i64, String)> {
    let statement = SafeSql::new(
        "select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from only ",
    )
    .name(table)
    .push(" t");
    Ok(sqlx::query_as(statement.to_query()).fetch_one(session).await?)
}

/// How many of each kind of object, and where every sequence stands.
async fn objects(session: &mut PgConnection) -> Result<BTreeMap<String, i64>> {
    let rows: Vec<(String, i64)> = sqlx::query_as(include_str!("objects.sql")).fetch_all(session).await?;
    Ok(rows.into_iter().collect())
}

fn same<T: PartialEq + std::fmt::Debug>(database: &str, what: &str, before: &T, after: &T) -> Result<()> {
    if before == after {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Precondition, format!("{what} of the database {database} came out different"))
        .hint("Nothing was changed: the old data is used on. Report this with the details.")
        .detail(format!("before: {before:?}\nafter: {after:?}")))
}
