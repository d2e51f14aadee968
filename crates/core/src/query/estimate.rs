//! How many rows the planner expects of a statement whose rows still come: asked beside it, by another session, so that
//! neither the first row nor any other waits for it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::parameter;
use super::run::Work;
use super::session::QuerySession;
use super::tag;
use crate::connection::Database;
use crate::sql::SafeSql;

/// A result that is whole by then needs no guess.
const AFTER: Duration = Duration::from_millis(300);

/// How long planning may take, and with it a function that the planner calls.
const LIMIT_MS: i64 = 2_000;

/// Asks a while after the first row, if rows still come then. Without an answer there is no estimate.
pub(super) fn ask_later(session: &Arc<QuerySession>, work: &Work, index: usize) {
    let sql = &work.script.statements[index].text;
    if tag::verb(sql) != "SELECT" {
        return;
    }
    let explain = SafeSql::new("explain (format json) ").sql(&parameter::inlined(sql, &work.parameters));
    let (session, database, over) = (Arc::downgrade(session), work.database.clone(), work.cancelled.clone());
    let run = session.upgrade().map_or(0, |session| session.board.borrow().run);
    tokio::spawn(async move {
        tokio::time::sleep(AFTER).await;
        let comes = session.upgrade().is_some_and(|session| session.still_comes(run, index));
        if !comes || over.is_cancelled() {
            return;
        }
        let Some(rows) = planned(&database, &explain).await else { return };
        if let Some(session) = session.upgrade() {
            session.expect(run, index, rows);
        }
    });
}

/// The planner's rows. A statement that only its own session can plan (temporary tables, an open transaction) has none.
async fn planned(database: &Database, explain: &SafeSql) -> Option<u64> {
    let mut transaction = database.pool().begin().await.ok()?;
    let limit = SafeSql::new("set local statement_timeout = ").number(LIMIT_MS);
    sqlx::raw_sql(limit.to_query()).execute(&mut *transaction).await.ok()?;
    // By the extended protocol, which takes one statement and no more.
    let asked = sqlx::query_scalar(explain.to_query()).persistent(false);
    let plan: Value = asked.fetch_one(&mut *transaction).await.ok()?;
    transaction.rollback().await.ok()?;
    let rows = plan.pointer("/0/Plan/Plan Rows")?;
    rows.as_u64().or_else(|| rows.to_string().split('.').next()?.parse().ok())
}

impl QuerySession {
    fn still_comes(&self, run: u32, index: usize) -> bool {
        let board = self.board.borrow();
        let held = board.results.iter().find(|held| held.statement as usize == index);
        board.run == run && held.is_some_and(|held| !held.store.is_complete() && held.stopped.is_none())
    }

    fn expect(&self, run: u32, index: usize, rows: u64) {
        self.board.send_if_modified(|board| {
            let same = board.run == run;
            match board.result_of(index).filter(|_| same) {
                Some(held) => held.estimate = Some(rows),
                None => return false,
            }
            true
        });
    }
}
