//! The locks that a version took, as the server had them after each statement of a transaction.
//!
//! They are read in the same round trip as the statement. What a statement outside of a transaction held is gone by then:
//! of those the trace says nothing.

use std::collections::HashSet;

use futures_util::TryStreamExt as _;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{Column as _, Either, PgConnection, Row as _};

use crate::Result;
use crate::sql::{LockMode, SafeSql};

/// A lock, and which statement took it first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Taken {
    /// From 1, in the file.
    statement: u32,
    relation: String,
    mode: LockMode,
}

/// The locks of one version.
#[derive(Debug, Default)]
pub(super) struct Trace {
    taken: Vec<Taken>,
    held: HashSet<(String, LockMode)>,
}

impl Trace {
    /// Sends a statement inside a transaction, and notes the locks that it took.
    pub(super) async fn send(
        &mut self,
        session: &mut PgConnection,
        sql: &SafeSql,
        statement: u32,
    ) -> Result<()> {
        let traced = sql.clone().push(";\n").push(include_str!("trace.sql"));
        let mut stream = sqlx::raw_sql(traced.to_query()).fetch_many(session);
        while let Some(sent) = stream.try_next().await? {
            if let Either::Right(row) = sent {
                self.note(&row, statement);
            }
        }
        Ok(())
    }

    /// Rows of the statement itself are of no interest: ours are known by their columns.
    fn note(&mut self, row: &PgRow, statement: u32) {
        if row.columns().first().is_none_or(|column| column.name() != "evaldesk_relation") {
            return;
        }
        let (relation, mode) = (row.try_get::<String, _>(0), row.try_get::<&str, _>(1));
        let (Ok(relation), Some(mode)) = (relation, mode.ok().and_then(LockMode::parse)) else { return };
        if self.held.insert((relation.clone(), mode)) {
            self.taken.push(Taken { statement, relation, mode });
        }
    }

    /// As it is kept in the log; nothing where nothing was seen.
    pub(super) fn to_json(&self) -> Option<serde_json::Value> {
        (!self.taken.is_empty()).then(|| serde_json::to_value(&self.taken).ok()).flatten()
    }
}
