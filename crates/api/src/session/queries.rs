//! The tabs of the query workbench that this session holds, and how it ends without forgetting what they ran.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use evaldesk_core::query::{QueryGuardPlan, QuerySession, QueryTabs};
use tokio::sync::watch;

use super::{Session, lock};

/// What is on its way into the history and the audit log.
pub(super) struct QueryRuns {
    /// Runs that are not written down yet.
    unwritten: watch::Sender<usize>,
    /// What each tab was asked about last.
    asked: Mutex<HashMap<String, QueryGuardPlan>>,
}

/// A run that is not written down yet, as long as it is held.
pub(super) struct Unwritten(Session);

impl Default for QueryRuns {
    fn default() -> Self {
        Self { unwritten: watch::Sender::new(0), asked: Mutex::default() }
    }
}

impl Session {
    /// All tabs with their results. Results that do not fit into memory go on in `results` of the data folder.
    pub fn queries(&self) -> &QueryTabs {
        &self.0.queries
    }

    /// A tab by its id; a new id makes a new tab, which connects with its first run.
    pub fn query_tab(&self, tab: &str) -> Arc<QuerySession> {
        self.queries().tab(tab)
    }

    /// Waits until every run that has begun is over and written down.
    pub async fn queries_written(&self) {
        // The sender lives as long as this session does.
        let _ = self.0.query_runs.unwritten.subscribe().wait_for(|unwritten| *unwritten == 0).await;
    }

    /// Closes all tabs (what runs in them is cancelled) and waits until what they ran is written down: for a program
    /// that is about to end.
    pub async fn close_queries(&self) {
        self.queries().close_all().await;
        self.queries_written().await;
    }

    pub(super) fn unwritten(&self) -> Unwritten {
        self.0.query_runs.unwritten.send_modify(|unwritten| *unwritten += 1);
        Unwritten(self.clone())
    }

    /// Remembers what a tab is asked about, until it is answered.
    pub(crate) fn remember_question(&self, tab: &str, plan: &QueryGuardPlan) {
        lock(&self.0.query_runs.asked).insert(tab.to_owned(), plan.clone());
    }

    /// What was asked about in a tab, as verbs and objects; an answer by its hash.
    pub(crate) fn answered(&self, tab: &str, hash: &str) -> Option<String> {
        let plan = lock(&self.0.query_runs.asked).remove(tab).filter(|plan| plan.hash == hash)?;
        let named = plan.statements.iter().map(|statement| match &statement.target {
            Some(target) => format!("{} {target}", statement.verb),
            None => statement.verb.clone(),
        });
        Some(named.collect::<Vec<_>>().join(", "))
    }
}

impl Drop for Unwritten {
    fn drop(&mut self) {
        self.0.0.query_runs.unwritten.send_modify(|unwritten| *unwritten -= 1);
    }
}
