//! One statement of a rehearsal. It has a savepoint of its own, so that one that fails for want of a commit does not end
//! the measuring.

use std::time::Instant;

use super::super::PlannedMigration;
use super::super::apply::Telling;
use super::rehearsed::{cannot, measured_statement, not_run};
use super::report::{RehearsedOutcome, RehearsedStatement};
use super::run::{Runner, millis};
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// A new value of an enum cannot be used before its transaction has ended.
const UNSAFE_NEW_ENUM_VALUE: &str = "55P04";
/// A table with deferred checks outstanding cannot be altered; at a commit they would have been made.
const OBJECT_IN_USE: &str = "55006";

impl Runner<'_> {
    pub(super) async fn statement(
        &mut self,
        step: &PlannedMigration,
        at: usize,
    ) -> Result<RehearsedStatement> {
        let planned = &step.statements[at];
        if let Some(why) = cannot(planned) {
            return Ok(not_run(step, at, RehearsedOutcome::Skipped, Some(why.to_owned())));
        }
        self.session.send(&SafeSql::new("savepoint evaldesk_rehearsal")).await?;
        let begun = Instant::now();
        let mut sent = self.send(step, at).await;
        if let Err(error) = &sent
            && is(error, OBJECT_IN_USE)
        {
            self.back().await?;
            self.session.send(&SafeSql::new("set constraints all immediate")).await?;
            sent = self.send(step, at).await;
        }
        let elapsed = millis(begun);
        match sent {
            Ok(()) => self.ran(step, at, elapsed).await,
            Err(error) => self.broke(step, at, error).await,
        }
    }

    /// By the protocol that takes one statement only: what would smuggle a second one in is refused by the server.
    async fn send(&mut self, step: &PlannedMigration, at: usize) -> Result<()> {
        let sql = SafeSql::trusted_file(&step.statements[at].sql);
        let query = sqlx::query(sql.to_query()).persistent(false);
        let sent = async { query.execute(&mut *self.session).await.map(|_| ()).map_err(Error::from) };
        self.watch.during(&Telling { step, at }, sent).await
    }

    pub(super) async fn back(&mut self) -> Result<()> {
        self.session.send(&SafeSql::new("rollback to savepoint evaldesk_rehearsal")).await
    }

    async fn ran(
        &mut self,
        step: &PlannedMigration,
        at: usize,
        elapsed_ms: u64,
    ) -> Result<RehearsedStatement> {
        self.session.send(&SafeSql::new("release savepoint evaldesk_rehearsal")).await?;
        let before = std::mem::take(&mut self.now);
        self.look().await?;
        let measured = before.until(&self.now, &self.first);
        Ok(measured_statement(step, at, &measured, elapsed_ms, self.counts))
    }

    async fn broke(
        &mut self,
        step: &PlannedMigration,
        at: usize,
        error: Error,
    ) -> Result<RehearsedStatement> {
        self.job.check()?;
        if error.server().is_none() {
            return Err(error.while_doing("the rehearsal broke off"));
        }
        self.back().await?;
        let skipped = self.run.statements.iter().position(|one| one.outcome == RehearsedOutcome::Skipped);
        let note = match self.seen(&error) {
            Some(who) => format!("{}: {who} was in the way", error.message()),
            None => error.message().to_owned(),
        };
        if is(&error, UNSAFE_NEW_ENUM_VALUE) {
            let note =
                format!("{note}. It needs a commit before it, which a rehearsal in a transaction has not");
            return Ok(not_run(step, at, RehearsedOutcome::Depends, Some(note)));
        }
        match skipped {
            Some(skipped) if is_about_names(&error) => {
                let note = format!("{note}. Statement {} was left out, and may have made it", skipped + 1);
                Ok(not_run(step, at, RehearsedOutcome::Depends, Some(note)))
            }
            _ => Ok(not_run(step, at, RehearsedOutcome::Failed, Some(note))),
        }
    }

    fn seen(&self, error: &Error) -> Option<String> {
        if error.kind() == ErrorKind::LockTimeout { self.watch.first_seen() } else { None }
    }
}

fn is(error: &Error, sqlstate: &str) -> bool {
    error.server().is_some_and(|server| server.sqlstate == sqlstate)
}

/// A name that is not there, or an index that is not what it should be.
fn is_about_names(error: &Error) -> bool {
    error.server().is_some_and(|server| server.sqlstate.starts_with("42"))
}
