//! The explanations that tabs wait for: each can be stopped, and none goes on that nobody waits for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::report::{ExplainReply, ExplainStopped};
use super::run::{self, ExplainRequest};
use super::stop::ExplainRun;
use crate::Result;
use crate::connection::Database;

/// The explanations that tabs wait for, one a tab.
#[derive(Debug, Default)]
pub struct ExplainRuns {
    runs: Mutex<HashMap<String, Led>>,
}

#[derive(Debug)]
struct Led {
    connection: String,
    run: Arc<ExplainRun>,
}

/// Ends with the explanation, also where whoever waited for it has gone: then nobody wants it.
struct Waiting<'a> {
    runs: &'a ExplainRuns,
    tab: &'a str,
    run: Arc<ExplainRun>,
    finished: bool,
}

impl ExplainRuns {
    /// Explains for a tab; what the same tab waited for before is stopped.
    ///
    /// # Errors
    /// As `explain`, and `Cancelled` where it was stopped.
    pub async fn explain(
        &self,
        tab: &str,
        database: &Database,
        request: &ExplainRequest,
    ) -> Result<ExplainReply> {
        let mut waiting = self.begin(tab, &database.profile().id);
        let reply = run::explain_as(database, request, &waiting.run).await;
        waiting.finished = true;
        reply
    }

    fn begin<'a>(&'a self, tab: &'a str, connection: &str) -> Waiting<'a> {
        let run = Arc::new(ExplainRun::default());
        let led = Led { connection: connection.to_owned(), run: Arc::clone(&run) };
        let older = self.lock().insert(tab.to_owned(), led);
        older.into_iter().for_each(|older| forsake(older.run));
        Waiting { runs: self, tab, run, finished: false }
    }

    /// Stops what a tab waits for. Where it waits for nothing, that is over.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn stop(&self, tab: &str, terminate: bool) -> Result<ExplainStopped> {
        let run = self.lock().get(tab).map(|led| Arc::clone(&led.run));
        match run {
            Some(run) => run.stop(terminate).await,
            None => Ok(ExplainStopped { over: true, pid: None }),
        }
    }

    /// Stops what a closed tab has left, in the background.
    pub fn close(&self, tab: &str) {
        if let Some(left) = self.lock().remove(tab) {
            forsake(left.run);
        }
    }

    /// The same for all tabs of a connection.
    pub fn close_connection(&self, connection: &str) {
        let gone: Vec<_> = self.lock().extract_if(|_, led| led.connection == connection).collect();
        gone.into_iter().for_each(|(_, led)| forsake(led.run));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Led>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut runs = self.runs.lock();
        if runs.get(self.tab).is_some_and(|led| Arc::ptr_eq(&led.run, &self.run)) {
            runs.remove(self.tab);
        }
        drop(runs);
        self.run.ended();
        if !self.finished {
            let run = Arc::clone(&self.run);
            in_background(async move { run.chase().await });
        }
    }
}

fn forsake(run: Arc<ExplainRun>) {
    in_background(async move { run.end().await });
}

fn in_background(work: impl Future<Output = ()> + Send + 'static) {
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(work);
    }
}
