//! What a run leaves behind when it has ended: its line in the history, and a catalog that is read again after DDL.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use evaldesk_core::connection::ConnectionProfile;
use evaldesk_core::query::history::{FinishedRun, QueryHistoryError, QueryOutcome};
use evaldesk_core::query::{QueryPhase, QuerySession, QueryState, StatementOutcome};
use futures_util::StreamExt as _;

use super::Session;

/// Tags of statements that change what the catalog says.
const DDL: [&str; 5] = ["CREATE", "ALTER", "DROP", "IMPORT", "SELECT INTO"];

/// A run that was started.
pub(crate) struct StartedRun {
    pub(crate) tab: Arc<QuerySession>,
    /// Its number in the tab.
    pub(crate) run: u32,
    pub(crate) profile: ConnectionProfile,
    /// The whole text of the tab.
    pub(crate) text: String,
    pub(crate) at: DateTime<Utc>,
}

impl Session {
    /// Follows a run to its end, without holding anybody up.
    pub(crate) fn follow(&self, started: StartedRun) {
        let session = self.clone();
        tokio::spawn(async move {
            let mut last = None;
            let mut states = Box::pin(started.tab.watch());
            while let Some(state) = states.next().await {
                if state.run != started.run {
                    break;
                }
                let ended = matches!(state.phase, QueryPhase::Idle | QueryPhase::Lost);
                last = Some(state);
                if ended {
                    break;
                }
            }
            if let Some(state) = last {
                let _ = tokio::task::spawn_blocking(move || session.write_down(&started, &state)).await;
            }
        });
    }

    fn write_down(&self, started: &StartedRun, state: &QueryState) {
        if state.statements.iter().any(changes_the_catalog) {
            self.query_folder().completer.forget(&started.profile.id);
        }
        let failed =
            state.statements.iter().find_map(|statement| statement.error.as_ref()).or(state.error.as_ref());
        let rows: Vec<u64> = state.statements.iter().filter_map(|statement| statement.rows).collect();
        let run = FinishedRun {
            sql: &ran(&started.text, state),
            profile: &started.profile,
            at: started.at,
            duration_ms: state.elapsed_ms,
            rows: (!rows.is_empty()).then(|| rows.iter().sum()),
            outcome: outcome(state),
            error: failed.map(|error| QueryHistoryError {
                sqlstate: error.sqlstate.clone(),
                message: error.message.clone(),
            }),
        };
        // A history that cannot be written undoes no run.
        let _ = self.remember_run(&run);
    }
}

fn changes_the_catalog(statement: &evaldesk_core::query::QueryStatement) -> bool {
    statement.tag.as_deref().is_some_and(|tag| DDL.iter().any(|verb| tag.starts_with(verb)))
}

fn outcome(state: &QueryState) -> QueryOutcome {
    let any = |outcome| state.statements.iter().any(|statement| statement.outcome == outcome);
    if any(StatementOutcome::Cancelled) {
        QueryOutcome::Cancelled
    } else if state.error.is_some() || any(StatementOutcome::Failed) || any(StatementOutcome::Running) {
        QueryOutcome::Failed
    } else {
        QueryOutcome::Done
    }
}

/// The part of the text that ran, from its first statement to its last.
fn ran(text: &str, state: &QueryState) -> String {
    let from = state.statements.iter().map(|statement| statement.from).min().unwrap_or(0);
    let to = state.statements.iter().map(|statement| statement.to).max().unwrap_or(0);
    let units = text.encode_utf16().skip(from as usize).take(to.saturating_sub(from) as usize);
    char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
