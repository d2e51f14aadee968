//! Jobs of a session: every one is begun and ended in the audit log.

use evaldesk_core::audit::AuditEntry;
use evaldesk_core::connection::Database;
use evaldesk_core::job::{JobContext, JobRequest};
use serde::Serialize;

use super::Session;
use crate::Result;

impl Session {
    /// Starts a job on a database; its begin and end are written to the audit log.
    pub(crate) fn start_job<T, F, Fut>(
        &self,
        kind: &str,
        title: String,
        database: Option<&Database>,
        work: F,
    ) -> Result<String>
    where
        T: Serialize + Send + 'static,
        F: FnOnce(JobContext) -> Fut,
        Fut: Future<Output = evaldesk_core::Result<T>> + Send + 'static,
    {
        let request = JobRequest {
            kind: kind.to_owned(),
            title: title.clone(),
            connection_id: database.map(|database| database.profile().id.clone()),
            database: database.cloned(),
        };
        let (session, kind) = (self.clone(), kind.to_owned());
        let target = database.map(target);
        // What cannot be logged is not begun.
        self.log(&kind, target.clone(), &title, "begun")?;
        let id = self.0.jobs.start(request, |context| {
            let working = work(context);
            async move {
                let outcome = working.await;
                let told = outcome.as_ref().map_or_else(ToString::to_string, |_| "ok".to_owned());
                session.record(&kind, target, &title, &told);
                outcome
            }
        })?;
        Ok(id)
    }

    /// Writes to the audit log what was done. A log that cannot be written does not undo it.
    pub(crate) fn record(&self, action: &str, target: Option<String>, subject: &str, outcome: &str) {
        let _ = self.log(action, target, subject, outcome);
    }

    fn log(&self, action: &str, target: Option<String>, subject: &str, outcome: &str) -> Result<()> {
        let now = self.0.clock.now();
        let entry = AuditEntry {
            at: now.to_rfc3339(),
            action: action.to_owned(),
            target,
            subject: subject.to_owned(),
            outcome: outcome.to_owned(),
            actor: self.0.actor.clone(),
        };
        let folder = self.0.folder.display();
        self.0.audit.append(now, &entry).map_err(|error| {
            error.while_doing(&format!("the audit log in {folder} cannot be written")).into()
        })
    }
}

/// "Staging: raaf_eval", for the audit log.
pub(super) fn target(database: &Database) -> String {
    format!("{}: {}", database.profile().name, database.profile().database)
}
