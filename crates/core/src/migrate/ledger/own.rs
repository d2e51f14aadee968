//! `evaldesk.migration_ledger`: versions that only we have, beside a `schema_migrations` that another tool keeps.

use sqlx::PgConnection;

use super::Record;
use crate::migrate::Version;
use crate::{Error, Result};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::migrate) struct OwnRow {
    pub(in crate::migrate) version: Version,
    pub(in crate::migrate) name: String,
    /// UTC, ISO 8601; `None` where the version is not up.
    pub(in crate::migrate) applied_at: Option<String>,
    pub(in crate::migrate) baselined: bool,
    /// The same number in `schema_migrations` is another migration's.
    pub(in crate::migrate) released: bool,
}

pub(super) async fn read(session: &mut PgConnection) -> Result<Vec<OwnRow>> {
    let rows: Vec<(String, String, Option<String>, bool, bool)> = sqlx::query_as(include_str!("own.sql"))
        .fetch_all(session)
        .await
        .map_err(|error| Error::from(error).while_doing("cannot read evaldesk.migration_ledger"))?;
    let row = |(version, name, applied_at, baselined, released): (String, _, _, _, _)| OwnRow {
        version: version.into(),
        name,
        applied_at,
        baselined,
        released,
    };
    Ok(rows.into_iter().map(row).collect())
}

pub(super) async fn record(session: &mut PgConnection, record: &Record<'_>) -> Result<()> {
    sqlx::query(include_str!("own_record.sql"))
        .bind(record.version.as_str())
        .bind(record.name)
        .bind(record.baselined)
        .execute(session)
        .await
        .map_err(cannot_write)?;
    Ok(())
}

/// Takes a version out; a released one keeps its row, without being up.
pub(super) async fn strike(session: &mut PgConnection, version: &Version) -> Result<u64> {
    let sql = "delete from evaldesk.migration_ledger where version = $1 and not released";
    let gone = sqlx::query(sql).bind(version.as_str()).execute(&mut *session).await.map_err(cannot_write)?;
    let sql = "update evaldesk.migration_ledger set applied_at = null, baselined = false
        where version = $1 and applied_at is not null";
    let kept = sqlx::query(sql).bind(version.as_str()).execute(session).await.map_err(cannot_write)?;
    Ok(gone.rows_affected() + kept.rows_affected())
}

/// From now on the row of `schema_migrations` with this number is another's; ours is up only if its objects are there.
pub(in crate::migrate) async fn release(
    session: &mut PgConnection,
    version: &Version,
    name: &str,
    in_place: bool,
) -> Result<()> {
    sqlx::query(include_str!("own_release.sql"))
        .bind(version.as_str())
        .bind(name)
        .bind(in_place)
        .execute(session)
        .await
        .map_err(cannot_write)?;
    Ok(())
}

fn cannot_write(error: sqlx::Error) -> Error {
    Error::from(error).while_doing("cannot write evaldesk.migration_ledger")
}
