//! What dies with a version that goes down: the tables it drops, their rows and bytes.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use ts_rs::TS;

use super::impact::drops;
use crate::Result;

/// A table that a plan drops. Outside of the plan's hash: rows come and go while a person reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, sqlx::FromRow)]
#[serde(rename_all = "camelCase")]
pub struct DoomedTable {
    pub table: String,
    /// By the server's running count, not counted out.
    #[ts(type = "number")]
    pub rows: i64,
    #[ts(type = "number")]
    pub bytes: i64,
}

const SIZE: &str = "
select c.oid::regclass::text as table, pg_total_relation_size(c.oid) as bytes,
  greatest(pg_stat_get_live_tuples(c.oid), c.reltuples::bigint, 0) as rows
from pg_class as c where c.oid = to_regclass($1)";

/// Sizes what the statements would drop.
pub(super) async fn doomed(session: &mut PgConnection, statements: &[&str]) -> Result<Vec<DoomedTable>> {
    let mut found = Vec::new();
    for name in statements.iter().flat_map(|statement| drops(statement)) {
        let table: Option<DoomedTable> =
            sqlx::query_as(SIZE).bind(name).fetch_optional(&mut *session).await?;
        found.extend(table);
    }
    Ok(found)
}
