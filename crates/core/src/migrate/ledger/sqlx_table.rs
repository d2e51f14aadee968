//! `_sqlx_migrations`: kept true for a set in sqlx's format, so that sqlx's own tool goes on working.

use sqlx::PgConnection;

use super::{Record, Write};
use crate::ident::QualifiedName;
use crate::migrate::Version;
use crate::sql::SafeSql;
use crate::{Error, Result};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SqlxRow {
    pub(super) version: Version,
    /// SHA-384 of the up file, in hex.
    pub(super) checksum: String,
    pub(super) installed_on: String,
    pub(super) success: bool,
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
pub(super) fn record(table: &QualifiedName, record: &Record<'_>) -> Option<Write> {
    let version = record.version.as_str().parse::<i64>().ok()?;
    let sql = SafeSql::new("insert into ").name(table).push(
        " (version, description, success, checksum, execution_time)
values ($1::bigint, $2, true, decode($3, 'hex'), $4::bigint)
on conflict (version) do update set checksum = excluded.checksum, success = true",
    );
    let elapsed = record.elapsed.map_or(-1, |time| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX));
    let values =
        [version.to_string(), record.name.replace('_', " "), record.sha384.to_owned(), elapsed.to_string()];
    Some(Write::new(table, sql, values))
}

pub(super) fn strike(table: &QualifiedName, version: &Version) -> Option<Write> {
    let version = version.as_str().parse::<i64>().ok()?;
    let sql = SafeSql::new("delete from ").name(table).push(" where version = $1::bigint");
    Some(Write::new(table, sql, [version.to_string()]))
}
