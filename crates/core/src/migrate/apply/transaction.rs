//! A version in one transaction, its row of the ledger in it. What a lock kept from happening is tried again as a whole.

use super::outcome::Ran;
use super::retry::Tries;
use super::runner::Runner;
use super::settings;
use super::words::{self, Stays};
use crate::migrate::PlannedMigration;
use crate::{Error, Result};

/// Where a transaction broke off.
enum Broke {
    /// In a statement, counted from 0.
    Statement(usize, Error),
    /// Before it had begun, or after its last statement.
    Outside(&'static str, Error),
    /// The verify file found something, and said so in whole sentences.
    Verify(Error),
    Commit(Error),
    /// It is done, and its end cannot be written into the log.
    Log(Error),
}

impl Runner<'_> {
    pub(super) async fn in_one_transaction(&mut self, step: &PlannedMigration) -> Result<Ran> {
        let mut tries = Tries::with(self.context.patience.retries);
        loop {
            let broke = match self.attempt(step).await {
                Ok(()) => return Ok(Ran { retries: tries.retried(), ..Ran::default() }),
                Err(broke) => broke,
            };
            self.session.rollback().await;
            self.passed_over.clear();
            match broke {
                Broke::Statement(at, error) => {
                    self.again(step, (at, Stays::Nothing), error, &mut tries).await?;
                }
                Broke::Outside(doing, error) => {
                    return Err(words::broke_at_the_end(error, step, doing, Stays::Nothing));
                }
                Broke::Verify(error) | Broke::Log(error) => return Err(error),
                Broke::Commit(error) => return Err(not_committed(error, step)),
            }
        }
    }

    async fn attempt(&mut self, step: &PlannedMigration) -> Result<(), Broke> {
        let begun = self.session.begin(self.lock_timeout()).await;
        begun.map_err(|error| Broke::Outside("cannot begin", error))?;
        for at in 0..step.statements.len() {
            self.one_of_several(step, at).await.map_err(|error| Broke::Statement(at, error))?;
        }
        if settings::changed_by(step) {
            let settled = self.session.settle(self.lock_timeout()).await;
            settled.map_err(|error| Broke::Outside("cannot take its settings back", error))?;
        }
        let recorded = self.record(step, Stays::Nothing).await;
        let finish = recorded.map_err(|error| match error.server() {
            None => Broke::Verify(error),
            Some(_) => Broke::Outside("cannot record it", error),
        })?;
        self.job.check().map_err(Broke::Verify)?;
        self.session.commit().await.map_err(Broke::Commit)?;
        self.journal.done(self.session, &finish).await.map_err(Broke::Log)
    }
}

/// A deferred constraint speaks at the commit. A connection that is lost there leaves the answer with the server.
fn not_committed(error: Error, step: &PlannedMigration) -> Error {
    let stays = if error.server().is_some() { Stays::Nothing } else { Stays::Unknown };
    words::broke_at_the_end(error, step, "cannot commit", stays)
}
