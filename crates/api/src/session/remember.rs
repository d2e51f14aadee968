//! What a run leaves behind when it has ended: its line in the history, one in the audit log where it was agreed to
//! first, and a catalog that is read again after DDL.

use chrono::{DateTime, Utc};
use evaldesk_core::connection::Database;
use evaldesk_core::query::history::{FinishedRun, QueryHistoryError, QueryOutcome};
use evaldesk_core::query::{QueryState, StatementOutcome};
use tokio::sync::oneshot;

use super::Session;
use super::jobs::target;

/// Tags of statements that change what the catalog says.
const DDL: [&str; 5] = ["CREATE", "ALTER", "DROP", "IMPORT", "SELECT INTO"];

/// A run that was started.
pub(crate) struct StartedRun {
    pub(crate) database: Database,
    /// The whole text of the tab.
    pub(crate) text: String,
    pub(crate) at: DateTime<Utc>,
    /// What the user agreed to before, as verbs and objects.
    pub(crate) agreed: Option<String>,
}

impl Session {
    /// Follows a run to its end, without holding anybody up; `queries_written` waits for it.
    pub(crate) fn follow(&self, started: StartedRun, over: oneshot::Receiver<QueryState>) {
        let (session, unwritten) = (self.clone(), self.unwritten());
        tokio::spawn(async move {
            if let Ok(state) = over.await {
                let _ = tokio::task::spawn_blocking(move || session.write_down(&started, &state)).await;
            }
            drop(unwritten);
        });
    }

    fn write_down(&self, started: &StartedRun, state: &QueryState) {
        if state.statements.iter().any(changes_the_catalog) {
            self.query_folder().completer.forget(&started.database.profile().id);
        }
        let error = error_of(state);
        let rows: Vec<u64> = state.statements.iter().filter_map(|statement| statement.rows).collect();
        let run = FinishedRun {
            sql: &ran(&started.text, state),
            profile: started.database.profile(),
            at: started.at,
            duration_ms: state.elapsed_ms,
            rows: (!rows.is_empty()).then(|| rows.iter().sum()),
            outcome: outcome(state),
            error: error.clone(),
        };
        // A history that cannot be written undoes no run.
        let _ = self.remember_run(&run);
        if let Some(agreed) = &started.agreed {
            let told = error.map_or_else(|| word(run.outcome).to_owned(), |error| error.kept().message);
            self.record("query_run", Some(target(&started.database)), agreed, &told);
        }
    }
}

fn error_of(state: &QueryState) -> Option<QueryHistoryError> {
    let of_statements = state.statements.iter().find_map(|statement| statement.error.as_ref());
    let error = of_statements.or(state.error.as_ref())?;
    Some(QueryHistoryError { sqlstate: error.sqlstate.clone(), message: error.message.clone() })
}

/// As the audit log says it.
fn word(outcome: QueryOutcome) -> &'static str {
    match outcome {
        QueryOutcome::Done => "ok",
        QueryOutcome::Failed => "failed",
        QueryOutcome::Cancelled => "cancelled",
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
