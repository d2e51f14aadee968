//! `evaldesk.migration_ledger`: versions that only we have, beside a `schema_migrations` that another tool keeps.

use sqlx::PgConnection;

use super::{Record, Write};
use crate::migrate::Version;
use crate::sql::SafeSql;
use crate::{Error, Result};

const TABLE: &str = "evaldesk.migration_ledger";

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OwnRow {
    pub(super) version: Version,
    pub(super) name: String,
    /// UTC, ISO 8601; `None` where the version is not up.
    pub(super) applied_at: Option<String>,
    pub(super) baselined: bool,
    /// The same number in `schema_migrations` is another migration's.
    pub(super) released: bool,
}

pub(super) async fn read(session: &mut PgConnection) -> Result<Vec<OwnRow>> {
    let rows: Vec<(String, String, Option<String>, bool, bool)> = sqlx::query_as(include_str!("own.sql"))
        .fetch_all(session)
        .await
        .map_err(|error| Error::from(error).while_doing(&format!("cannot read {TABLE}")))?;
    let row = |(version, name, applied_at, baselined, released): (String, _, _, _, _)| OwnRow {
        version: version.into(),
        name,
        applied_at,
        baselined,
        released,
    };
    Ok(rows.into_iter().map(row).collect())
}

pub(super) fn record(record: &Record<'_>) -> Write {
    let values = [record.version.to_string(), record.name.to_owned(), record.baselined.to_string()];
    Write::new(TABLE, SafeSql::new(include_str!("own_record.sql").trim_ascii()), values)
}

/// Takes a version out; a released one keeps its row, without being up.
pub(super) fn strike(version: &Version, released: bool) -> Write {
    let sql = if released {
        "update evaldesk.migration_ledger set applied_at = null, baselined = false where version = $1"
    } else {
        "delete from evaldesk.migration_ledger where version = $1"
    };
    Write::new(TABLE, SafeSql::new(sql), [version.to_string()])
}

/// From now on the row of `schema_migrations` with this number is another's; ours is up only if its objects are there.
pub(super) fn release(version: &Version, name: &str, in_place: bool) -> Write {
    let values = [version.to_string(), name.to_owned(), in_place.to_string()];
    Write::new(TABLE, SafeSql::new(include_str!("own_release.sql").trim_ascii()), values)
}
