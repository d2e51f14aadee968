//! What came of it: each table before and after.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use tokio::time::{Duration, sleep};
use ts_rs::TS;

use crate::Result;
use crate::catalog::TableName;

/// One table, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VacuumedTable {
    pub table: TableName,
    /// Why nothing was done; the figures are then empty.
    pub skipped: Option<String>,
    #[ts(type = "number | null")]
    pub dead_before: Option<i64>,
    #[ts(type = "number | null")]
    pub dead_after: Option<i64>,
    #[ts(type = "number | null")]
    pub bytes_before: Option<i64>,
    #[ts(type = "number | null")]
    pub bytes_after: Option<i64>,
    #[ts(type = "number")]
    pub elapsed_ms: u64,
}

/// Every table of the plan, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VacuumOutcome {
    pub tables: Vec<VacuumedTable>,
    #[ts(type = "number")]
    pub elapsed_ms: u64,
}

/// A table's figures at a moment.
#[derive(Debug, Clone, Copy, Default, sqlx::FromRow)]
pub(super) struct Figures {
    pub(super) dead: i64,
    pub(super) bytes: i64,
    /// How often it was vacuumed and analyzed by hand.
    times: i64,
}

const FIGURES: &str = "
select coalesce(greatest(s.n_dead_tup, 0), 0) as dead,
  coalesce(
    (select sum(pg_total_relation_size(relid))::bigint from pg_partition_tree(c.oid)),
    pg_total_relation_size(c.oid)
  ) as bytes,
  coalesce(s.vacuum_count + s.analyze_count, 0) as times
from pg_class as c
left join pg_stat_all_tables as s on s.relid = c.oid
where c.oid = to_regclass(quote_ident($1) || '.' || quote_ident($2))";

impl Figures {
    /// Reads them.
    pub(super) async fn read(session: &mut PgConnection, table: &TableName) -> Result<Self> {
        let figures = sqlx::query_as(FIGURES).bind(&table.schema).bind(&table.name);
        Ok(figures.fetch_optional(session).await?.unwrap_or_default())
    }

    /// Reads them once the server has counted the work: before 15 the figures travel to a collector first, and
    /// arrive up to half a second later.
    pub(super) async fn read_after(self, session: &mut PgConnection, table: &TableName) -> Result<Self> {
        let mut now = Self::read(session, table).await?;
        for _ in 0..20 {
            if now.times > self.times {
                break;
            }
            sleep(Duration::from_millis(100)).await;
            now = Self::read(session, table).await?;
        }
        Ok(now)
    }
}
