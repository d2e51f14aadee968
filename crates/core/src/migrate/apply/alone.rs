//! A version statement by statement, as its file asks for: what ran before a break stays, and is written down.
//!
//! A statement that may run in a transaction runs in one of its own. One that may not is sent bare; what is built
//! CONCURRENTLY waits for whoever is in its way, since giving up would leave half an index behind.

use super::broke::Broke;
use super::outcome::Ran;
use super::retry::Tries;
use super::runner::Runner;
use super::settings;
use super::words::{self, Stays};
use crate::migrate::{PlannedMigration, PlannedStatement, StatementPurpose};
use crate::sql::SafeSql;
use crate::sql::statement::{InTransaction, describe};
use crate::{Error, Result};

/// How a statement is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    /// In a transaction of its own.
    InTransaction,
    /// Bare.
    Bare,
    /// Bare, and it waits for its locks without end.
    Waiting,
}

impl Runner<'_> {
    pub(super) async fn alone(&mut self, step: &PlannedMigration) -> Result<Ran> {
        let lock_timeout = self.lock_timeout();
        let settled = self.session.settle(lock_timeout).await;
        settled.map_err(|error| words::broke_at_the_end(error, step, "cannot begin", Stays::Nothing))?;
        let mut retries = 0;
        for at in 0..step.statements.len() {
            // What is concurrent leaves half of itself behind: it is resumed after a look at the catalog, not sent again.
            let again = if Sent::of(&step.statements[at]) == Sent::Waiting {
                0
            } else {
                self.context.patience.retries
            };
            let mut tries = Tries::with(again);
            while let Err(error) = self.one(step, at).await {
                self.again(step, (at, words::before(step, at)), error, &mut tries).await?;
            }
            retries += tries.retried();
        }
        self.record_alone(step).await?;
        Ok(Ran { retries, ..Ran::default() })
    }

    async fn one(&mut self, step: &PlannedMigration, at: usize) -> Result<()> {
        let Some(index) = step.statements[at].index else { return self.unnumbered(step, at).await };
        let ran = match Sent::of(&step.statements[at]) {
            Sent::InTransaction => self.one_in_a_transaction(step, at, index).await,
            Sent::Bare | Sent::Waiting => self.one_bare(step, at, index).await,
        };
        match ran {
            Err(error) if refuses_a_transaction(&error) => self.one_bare(step, at, index).await,
            Err(error) if self.passes_over(step, at, &error) => {
                self.journal.statement_done(self.session, index).await
            }
            ran => ran,
        }
    }

    async fn one_in_a_transaction(&mut self, step: &PlannedMigration, at: usize, index: u32) -> Result<()> {
        self.session.begin_as_it_stands().await?;
        let ran = match self.traced(step, at).await {
            Ok(()) => self.journal.statement_committing(self.session, index).await,
            failed => failed,
        };
        self.end(ran).await?;
        if self.journal.is_in_a_file() {
            self.journal.statement_done(self.session, index).await
        } else {
            Ok(())
        }
    }

    /// What clears a broken build away, and the parts of a statement that is carried out in several: they are planned anew
    /// as long as they are needed. With its first part such a statement is under way; the last one has its number.
    async fn unnumbered(&mut self, step: &PlannedMigration, at: usize) -> Result<()> {
        if step.statements[at].purpose == StatementPurpose::Part {
            let whole = words::number(step, at).saturating_sub(1);
            self.journal.statement_begun(self.session, whole).await?;
        }
        self.patiently(step, at).await
    }

    async fn one_bare(&mut self, step: &PlannedMigration, at: usize, index: u32) -> Result<()> {
        self.journal.statement_begun(self.session, index).await?;
        self.patiently(step, at).await?;
        self.journal.statement_done(self.session, index).await
    }

    /// Bare, and without an end to its waiting where giving up would leave half of it behind.
    async fn patiently(&mut self, step: &PlannedMigration, at: usize) -> Result<()> {
        let waits = Sent::of(&step.statements[at]) == Sent::Waiting && !settings::times_its_locks(step);
        if waits {
            self.session.send(&SafeSql::new("set lock_timeout = 0")).await?;
        }
        self.bare(step, at).await?;
        if waits {
            let timeout = SafeSql::new("set lock_timeout = ").number(self.lock_timeout().into());
            self.session.send(&timeout).await?;
        }
        Ok(())
    }

    pub(super) async fn end<T>(&mut self, ran: Result<T>) -> Result<T> {
        match ran {
            Ok(ran) => self.session.commit().await.map(|()| ran),
            Err(error) => {
                self.session.rollback().await;
                Err(error)
            }
        }
    }

    async fn record_alone(&mut self, step: &PlannedMigration) -> Result<()> {
        let stays = words::before(step, step.statements.len());
        let recorded = match self.session.begin(self.lock_timeout()).await {
            Ok(()) => self.conclude(step, stays).await,
            Err(error) => Err(Broke::Outside("cannot record it", error)),
        };
        match recorded {
            Ok(()) => Ok(()),
            Err(broke) => {
                self.session.rollback().await;
                Err(broke.into_error(step, stays))
            }
        }
    }
}

/// `active_sql_transaction`: a statement of a newer server, which the parser does not know to stand alone.
fn refuses_a_transaction(error: &Error) -> bool {
    error.server().is_some_and(|server| server.sqlstate == "25001")
}

impl Sent {
    fn of(statement: &PlannedStatement) -> Self {
        let effects = describe(&statement.sql);
        let concurrent = statement.sql.to_ascii_lowercase().contains("concurrently");
        match effects.transaction {
            InTransaction::Allowed => Self::InTransaction,
            _ if concurrent => Self::Waiting,
            _ => Self::Bare,
        }
    }
}
