//! The locks that a version took, as the server had them after each statement of a transaction.
//!
//! They are read in the same round trip as the statement. What a statement outside of a transaction held is gone by then:
//! of those the trace says nothing.

use std::collections::HashSet;

use futures_util::TryStreamExt as _;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{Column as _, Either, PgConnection, Row as _};

use crate::sql::{LockMode, SafeSql};
use crate::{Error, Result};

/// A lock, and which statement took it first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Taken {
    /// From 1, in the file.
    statement: u32,
    relation: String,
    mode: LockMode,
}

/// `invalid_sql_statement_name`: a file has taken the prepared statements of its session away.
const NOT_PREPARED: &str = "26000";

/// The locks of one version.
#[derive(Debug, Default)]
pub(super) struct Trace {
    taken: Vec<Taken>,
    held: HashSet<(String, LockMode)>,
    question: Question,
}

/// How the session is asked for its locks: a prepared question costs half.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Question {
    #[default]
    NotYet,
    Prepared,
    /// A file took it away: from then on it is asked in full.
    Taken,
}

impl Trace {
    /// Begins with the next version.
    pub(super) fn clear(&mut self) {
        self.taken.clear();
        self.held.clear();
    }

    /// Whether a statement broke off because the question was not prepared any more; from now on it need not be.
    pub(super) fn forgets(&mut self, error: &Error) -> bool {
        let lost = error.server().is_some_and(|server| server.sqlstate == NOT_PREPARED);
        let ours = lost && self.question == Question::Prepared;
        if ours {
            self.question = Question::Taken;
        }
        ours
    }

    /// Sends a statement inside a transaction, and notes the locks that it took.
    pub(super) async fn send(
        &mut self,
        session: &mut PgConnection,
        sql: &SafeSql,
        statement: u32,
    ) -> Result<()> {
        let traced = sql.clone().push(";\n").sql(&self.question.sql());
        let mut stream = sqlx::raw_sql(traced.to_query()).fetch_many(session);
        while let Some(sent) = stream.try_next().await? {
            if let Either::Right(row) = sent {
                self.note(&row, statement);
            }
        }
        if self.question == Question::NotYet {
            self.question = Question::Prepared;
        }
        Ok(())
    }

    /// Rows of the statement itself are of no interest: ours are known by their columns.
    fn note(&mut self, row: &PgRow, statement: u32) {
        if row.columns().first().is_none_or(|column| column.name() != "evaldesk_relation") {
            return;
        }
        let (relation, mode) = (row.try_get::<String, _>(0), row.try_get::<&str, _>(1));
        let (Ok(relation), Some(mode)) = (relation, mode.ok().and_then(LockMode::parse)) else { return };
        if self.held.insert((relation.clone(), mode)) {
            self.taken.push(Taken { statement, relation, mode });
        }
    }

    /// As it is kept in the log; nothing where nothing was seen.
    pub(super) fn to_json(&self) -> Option<serde_json::Value> {
        (!self.taken.is_empty()).then(|| serde_json::to_value(&self.taken).ok()).flatten()
    }
}

impl Question {
    fn sql(self) -> SafeSql {
        match self {
            Self::Taken => SafeSql::new(include_str!("trace.sql")),
            Self::Prepared => SafeSql::new("execute evaldesk_locks"),
            Self::NotYet => SafeSql::new("prepare evaldesk_locks as\n")
                .push(include_str!("trace.sql"))
                .push("\nexecute evaldesk_locks"),
        }
    }
}
