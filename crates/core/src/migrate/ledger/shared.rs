//! `schema_migrations(version varchar primary key)`, as Rails and dbmate make it, found as they find it.

use sqlx::PgConnection;

use super::Write;
use crate::ident::QualifiedName;
use crate::migrate::Version;
use crate::sql::SafeSql;
use crate::{Error, Result};

/// The versions with the spelling that each has there.
pub(super) async fn read(
    session: &mut PgConnection,
    table: &QualifiedName,
) -> Result<Vec<(Version, String)>> {
    let sql = SafeSql::new("select version::text from ").name(table);
    let rows: Vec<String> = sqlx::query_scalar(sql.to_query())
        .fetch_all(session)
        .await
        .map_err(|error| Error::from(error).while_doing(&format!("cannot read {table}")))?;
    let mut versions: Vec<_> = rows.into_iter().map(|spelling| (Version::new(&spelling), spelling)).collect();
    versions.sort();
    Ok(versions)
}

pub(super) fn create(table: &QualifiedName) -> SafeSql {
    SafeSql::new("create table ").name(table).push(" (version character varying not null primary key)")
}

/// Writes a version down, unless it stands there already: taking back a half of a down leaves its row where it is.
pub(super) fn record(table: &QualifiedName, spelling: &str) -> Write {
    let sql =
        SafeSql::new("insert into ").name(table).push(" (version) select $1 where not exists (select from ");
    let sql = sql.name(table).push(" where ltrim(version, '0') = $2)");
    Write::new(table, sql, [spelling.to_owned(), spelling.trim_start_matches('0').to_owned()])
}

/// Strikes a version out, however many zeros it was written with.
pub(super) fn strike(table: &QualifiedName, version: &Version) -> Write {
    let sql = SafeSql::new("delete from ").name(table).push(" where ltrim(version, '0') = $1");
    Write::new(table, sql, [version.as_str().trim_start_matches('0').to_owned()])
}

/// `ar_internal_metadata.environment`.
pub(super) async fn environment(session: &mut PgConnection, schema: &str) -> Result<Option<String>> {
    let sql = SafeSql::new("select value::text from ")
        .name(&QualifiedName::new(schema, "ar_internal_metadata"))
        .push(" where key = 'environment'");
    Ok(sqlx::query_scalar::<_, Option<String>>(sql.to_query()).fetch_optional(session).await?.flatten())
}
