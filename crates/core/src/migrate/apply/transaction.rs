//! A version in one transaction, its row of the ledger in it. What a lock kept from happening is tried again as a whole.

use super::broke::Broke;
use super::outcome::Ran;
use super::retry::Tries;
use super::runner::Runner;
use super::settings;
use super::words::Stays;
use crate::Result;
use crate::migrate::PlannedMigration;

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
                broke => return Err(broke.into_error(step, Stays::Nothing)),
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
        self.conclude(step, Stays::Nothing).await
    }
}
