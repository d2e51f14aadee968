//! Taking back what a broken run left: a statement that finds nothing to do is passed over, and told.

use super::runner::Runner;
use crate::migrate::{Direction, PlannedMigration};
use crate::sql::SafeSql;
use crate::{Error, Result};

impl Runner<'_> {
    /// One statement of several in one transaction: what is passed over must not spoil the others.
    pub(super) async fn one_of_several(&mut self, step: &PlannedMigration, at: usize) -> Result<()> {
        if !step.takes_back {
            return self.traced(step, at).await;
        }
        self.session.send(&SafeSql::new("savepoint evaldesk_statement")).await?;
        match self.traced(step, at).await {
            Err(error) if self.passes_over(step, at, &error) => {
                self.session.send(&SafeSql::new("rollback to savepoint evaldesk_statement")).await
            }
            ran => ran,
        }
    }

    /// Whether an error only says that there is nothing to do; it is noted then.
    pub(super) fn passes_over(&mut self, step: &PlannedMigration, at: usize, error: &Error) -> bool {
        let nothing_to_do = step.takes_back && has_nothing_to_do(error, step.direction);
        if nothing_to_do {
            self.passed_over.push(format!("statement {}: {}", at + 1, error.message()));
        }
        nothing_to_do
    }
}

/// On the way down an object that is not there, on the way up one that is. SQLSTATE classes alone decide
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn has_nothing_to_do(error: &Error, direction: Direction) -> bool {
    let Some(server) = error.server() else { return false };
    match direction {
        Direction::Down => {
            matches!(server.sqlstate.as_str(), "42P01" | "42703" | "42704" | "42883" | "3F000")
        }
        Direction::Up => matches!(server.sqlstate.as_str(), "42P07" | "42701" | "42710" | "42723" | "42P06"),
    }
}
