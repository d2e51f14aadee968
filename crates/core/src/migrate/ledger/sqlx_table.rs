//! `_sqlx_migrations`: kept true for a set in sqlx's format, so that sqlx's own tool goes on working.

use sqlx::PgConnection;

use super::Record;
use crate::ident::QualifiedName;
use crate::migrate::Version;
use crate::sql::SafeSql;
use crate::{Error, Result};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::migrate) struct SqlxRow {
    pub(in crate::migrate) version: Version,
    /// SHA-384 of the up file, in hex.
    pub(in crate::migrate) checksum: String,
    pub(in crate::migrate) installed_on: String,
    pub(in crate::migrate) success: bool,
}

pub(super) async fn read(session: &mut PgConnection, table: &QualifiedName) -> Result<Vec<SqlxRow>> {
    let sql = SafeSql::new(
        "select version, encode(checksum, 'hex'),
        to_char(installed_on at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), success from ",
    )
    .name(table);
    let rows: Vec<(i64, String, String, bool)> = sqlx::query_as(sql.to_query())
        .fetch_all(session)
        .await
        .map_err(|error| Error::from(error).while_doing(&format!("cannot read {table}")))?;
    let row = |(version, checksum, installed_on, success): (i64, _, _, _)| SqlxRow {
        version: version.to_string().into(),
        checksum,
        installed_on,
        success,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Writes a row as sqlx does: the words of the file's name with spaces, the time in nanoseconds (-1 where none ran).
pub(super) async fn record(
    session: &mut PgConnection,
    table: &QualifiedName,
    record: &Record<'_>,
) -> Result<()> {
    let Ok(version) = record.version.as_str().parse::<i64>() else { return Ok(()) };
    let sql = SafeSql::new("insert into ").name(table).push(
        " (version, description, success, checksum, execution_time)
        values ($1, $2, true, decode($3, 'hex'), $4) on conflict (version) do update
        set checksum = excluded.checksum, success = true",
    );
    sqlx::query(sql.to_query())
        .bind(version)
        .bind(record.name.replace('_', " "))
        .bind(record.sha384)
        .bind(record.elapsed.map_or(-1, |elapsed| i64::try_from(elapsed.as_nanos()).unwrap_or(i64::MAX)))
        .execute(session)
        .await
        .map_err(|error| Error::from(error).while_doing(&format!("cannot write {table}")))?;
    Ok(())
}

pub(super) async fn strike(
    session: &mut PgConnection,
    table: &QualifiedName,
    version: &Version,
) -> Result<u64> {
    let Ok(version) = version.as_str().parse::<i64>() else { return Ok(0) };
    let sql = SafeSql::new("delete from ").name(table).push(" where version = $1");
    let gone = sqlx::query(sql.to_query())
        .bind(version)
        .execute(session)
        .await
        .map_err(|error| Error::from(error).while_doing(&format!("cannot write {table}")))?;
    Ok(gone.rows_affected())
}
