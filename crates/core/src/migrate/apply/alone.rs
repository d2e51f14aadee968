//! A version statement by statement, as its file asks for: what ran before a break stays, and is written down.
//!
//! A statement that may run in a transaction runs in one of its own. One that may not is sent bare; what is built
//! CONCURRENTLY waits for whoever is in its way, since giving up would leave half an index behind.

use super::outcome::Ran;
use super::retry::Tries;
use super::runner::Runner;
use super::settings;
use super::words::{self, Stays};
use crate::migrate::ledger::Ledger;
use crate::migrate::{PlannedMigration, PlannedStatement};
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
    pub(super) async fn alone(&mut self, step: &PlannedMigration, ledger: &Ledger) -> Result<Ran> {
        let lock_timeout = self.lock_timeout();
        let settled = self.session.settle(lock_timeout).await;
        settled.map_err(|error| words::broke_at_the_end(error, step, "cannot begin", Stays::Nothing))?;
        let mut retries = 0;
        for at in 0..step.statements.len() {
            let mut tries = Tries::with(self.context.patience.retries);
            while let Err(error) = self.one(step, at).await {
                self.again(step, (at, Stays::Statements(at)), error, &mut tries).await?;
            }
            retries += tries.retried();
        }
        self.record_alone(step, ledger).await?;
        Ok(Ran { retries })
    }

    async fn one(&mut self, step: &PlannedMigration, at: usize) -> Result<()> {
        match Sent::of(&step.statements[at]) {
            Sent::InTransaction => {
                self.session.send(&SafeSql::new("begin")).await?;
                let ran = self.statement(step, at).await;
                self.end(ran).await
            }
            Sent::Bare => self.statement(step, at).await,
            Sent::Waiting if settings::times_its_locks(step) => self.statement(step, at).await,
            Sent::Waiting => {
                self.session.send(&SafeSql::new("set lock_timeout = 0")).await?;
                self.statement(step, at).await?;
                let back = SafeSql::new("set lock_timeout = ").number(self.lock_timeout().into());
                self.session.send(&back).await
            }
        }
    }

    async fn end(&mut self, ran: Result<()>) -> Result<()> {
        if ran.is_err() {
            self.session.rollback().await;
            return ran;
        }
        self.session.commit().await
    }

    async fn record_alone(&mut self, step: &PlannedMigration, ledger: &Ledger) -> Result<()> {
        let stays = Stays::Statements(step.statements.len());
        let failed = |error: Error| match error.server() {
            None => error,
            Some(_) => words::broke_at_the_end(error, step, "cannot record it", stays),
        };
        self.session.begin(self.lock_timeout()).await.map_err(failed)?;
        let recorded = self.record(step, ledger, stays).await;
        self.end(recorded).await.map_err(failed)
    }
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
