//! Running every check, and telling what each found.
//!
//! An error of one check (a table this role may not read, a statement that took too long) skips that check alone.

use chrono::{DateTime, Utc};

use super::{Answer, Attention, Check, CheckState, Severity, index, server, stuck, table};
use crate::Result;
use crate::catalog::{EvaluationSchema, TableSummary};
use crate::connection::Database;

/// What the checks look at.
pub(in crate::health) struct Subject<'a> {
    pub(in crate::health) database: &'a Database,
    pub(in crate::health) now: DateTime<Utc>,
    pub(in crate::health) tables: &'a [TableSummary],
    pub(in crate::health) schema: &'a EvaluationSchema,
}

/// Every check, and what needs attention, the worst first.
pub(in crate::health) async fn run_all(subject: &Subject<'_>) -> (Vec<Check>, Vec<Attention>) {
    let answers = [
        ("evaluation tables", Ok(server::missing_tables(subject.schema))),
        ("server version", Ok(server::version(subject))),
        ("invalid indexes", index::invalid(subject.database).await),
        ("expected indexes", index::expected(subject).await),
        ("stuck runs", stuck::runs(subject).await),
        ("statistics", Ok(table::statistics(subject.tables))),
        ("dead rows", Ok(table::dead_rows(subject.tables))),
        ("idle in transaction", server::idle_in_transaction(subject.database).await),
    ];
    let mut attention = Vec::new();
    let checks = answers.into_iter().map(|(name, answer)| told(name, answer, &mut attention)).collect();
    attention.sort_by_key(|item| item.severity);
    (checks, attention)
}

fn told(name: &str, answer: Result<Answer>, attention: &mut Vec<Attention>) -> Check {
    let (state, why) = match answer {
        Ok(Answer::Ok(why)) => (CheckState::Ok, why),
        Ok(Answer::Skipped(why)) => (CheckState::Skipped, why),
        Err(error) => (CheckState::Skipped, error.message().to_owned()),
        Ok(Answer::Found(found)) => {
            let failed = found.iter().any(|item| item.severity == Severity::Failed);
            let titles: Vec<&str> = found.iter().map(|item| item.title.as_str()).collect();
            let why = titles.join("; ");
            attention.extend(found);
            (if failed { CheckState::Failed } else { CheckState::Attention }, why)
        }
    };
    Check { name: name.to_owned(), state, why }
}
