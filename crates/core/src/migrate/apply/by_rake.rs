//! A version that is a file of Ruby: rake runs it in the application and records it by itself. Before the first one and
//! after each this database is asked whether rake works on it at all.

use super::outcome::Ran;
use super::runner::Runner;
use crate::migrate::PlannedMigration;
use crate::migrate::rails::{self, RakeOutcome, RakeTask};
use crate::{Error, Result};

impl Runner<'_> {
    pub(super) async fn by_rake(&mut self, step: &PlannedMigration) -> Result<Ran> {
        let outcome = self.rake(step).await?;
        self.session.begin(self.lock_timeout()).await?;
        let finish = self.journal.committing(self.session).await;
        let finish = self.end(finish).await?;
        self.journal.done(self.session, &finish).await?;
        Ok(Ran { output: Some(outcome.output), ..Ran::default() })
    }

    async fn rake(&mut self, step: &PlannedMigration) -> Result<RakeOutcome> {
        let no_rake = || Error::internal(format!("{} was planned with rake, and there is none", step.path));
        let rake = self.context.set.rake().ok_or_else(no_rake)?;
        if !std::mem::replace(&mut self.rake_is_here, true) {
            rails::check_database(rake, self.database, self.job).await?;
        }
        let task = RakeTask::of(&step.version, step.direction);
        // A statement that is built CONCURRENTLY has to wait for its locks.
        let patience = step.transactional.then_some(self.context.patience.statement);
        let outcome = rails::run(rake, self.database, &task, patience, self.job).await?;
        rails::check_ran_here(self.session, rake, &task).await?;
        Ok(outcome)
    }
}
