//! Asking the server again: one snapshot, read-only, its rows as COPY writes them.

use chrono::{DateTime, Utc};
use futures_util::{StreamExt as _, TryStreamExt as _};
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Executor as _, Row as _};
use tokio::sync::mpsc::Sender;

use super::work::Piece;
use super::writer::CopyAs;
use crate::connection::{Database, WriteMode};
use crate::job::JobContext;
use crate::query::guard::{self, GuardAnswer, GuardRequest, GuardStatement};
use crate::query::{QueryColumn, QueryParameter, column, copy_text, parameter, wire};
use crate::sql::classify::classify;
use crate::sql::{SafeSql, split};
use crate::{Error, ErrorKind, Result};

/// A statement that was described and is ready to be read.
pub(super) struct Asked {
    session: PgConnection,
    sql: SafeSql,
    pub(super) pid: i32,
    pub(super) columns: Vec<QueryColumn>,
    /// When the snapshot was taken, by the server's clock.
    pub(super) snapshot_at: DateTime<Utc>,
}

/// The one statement of a text, with its parameters in it.
///
/// # Errors
/// `InvalidArguments` for none, for several, and for a parameter without a value; `Refused` for what is no query.
pub(super) fn statement(text: &str, parameters: &[QueryParameter]) -> Result<SafeSql> {
    let found = split::split(text).map_err(|error| {
        Error::new(
            ErrorKind::InvalidArguments,
            format!("line {}, column {}: {}", error.line, error.column, error.problem),
        )
    })?;
    let [statement] = found.as_slice() else {
        return Err(Error::new(
            ErrorKind::InvalidArguments,
            format!("an export takes one statement, and these are {}", found.len()),
        )
        .hint("Select the one whose result is to be exported."));
    };
    let names = parameter::names(&statement.text);
    let missing = names.iter().find(|name| parameters.iter().all(|given| given.name != **name));
    if let Some(name) = missing {
        return Err(Error::new(ErrorKind::InvalidArguments, format!("the parameter {name} has no value"))
            .hint("Give it a value, or NULL."));
    }
    Ok(parameter::inlined(&statement.text, parameters))
}

/// Whether a text is one statement that the server can be asked again for: a query that is proven to change nothing.
///
/// # Errors
/// When the catalog cannot be asked.
pub async fn is_plain_query(database: &Database, text: &str, parameters: &[QueryParameter]) -> Result<bool> {
    let Ok(sql) = statement(text, parameters) else { return Ok(false) };
    if !can_be_copied(sql.as_str()) {
        return Ok(false);
    }
    match allow(database, &sql).await {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::Refused => Ok(false),
        Err(error) => Err(error),
    }
}

/// An export only reads, whatever the connection allows: its statement is proven a read, and one that gives rows.
///
/// # Errors
/// `Refused` with what, why and what next; and when the catalog cannot be asked.
pub(super) async fn allow(database: &Database, sql: &SafeSql) -> Result<()> {
    let statements = [GuardStatement { sql: sql.as_str(), line: 1 }];
    let request = GuardRequest { statements: &statements, read_only: true, ..GuardRequest::default() };
    match guard::check(database, &request).await {
        Ok(GuardAnswer::Allowed) => gives_rows(sql.as_str()),
        Ok(GuardAnswer::Asks(_)) => Err(Error::internal("the guard asked about an export")),
        Err(error) if error.kind() == ErrorKind::Refused => Err(not_a_read(database, error)),
        Err(error) => Err(error),
    }
}

/// Where the tab would refuse it too, the guard's own hint says what to do.
fn not_a_read(database: &Database, error: Error) -> Error {
    let error = error.while_doing("an export only reads");
    match database.profile().write_mode() {
        WriteMode::ReadOnly => error,
        _ => error.hint(IN_THE_TAB),
    }
}

/// A statement may change nothing and have nothing to write down either: a commit, a setting.
fn gives_rows(sql: &str) -> Result<()> {
    let verb = classify(sql).verb;
    if ROWS.contains(&verb.as_str()) {
        return Ok(());
    }
    let message = format!("{verb} was not sent: an export writes rows, and it is none of what gives them");
    Err(Error::new(ErrorKind::Refused, message)
        .hint("Export a SELECT, WITH, VALUES, TABLE, SHOW or EXPLAIN, and run this one in a tab."))
}

/// What gives rows in a session of its own. A cursor is in the session that declared it.
const ROWS: [&str; 6] = ["SELECT", "WITH", "VALUES", "TABLE", "SHOW", "EXPLAIN"];

/// What to do instead of asking again.
const IN_THE_TAB: &str = "Run the statement in the tab, wait for all of its rows, and export the result.";

impl Asked {
    /// Opens a session, takes a snapshot and describes the statement.
    ///
    /// # Errors
    /// What the server says of the session or the statement.
    pub(super) async fn prepare(database: &Database, sql: SafeSql, job: &JobContext) -> Result<Self> {
        // A pooler's session ends with the transaction in it, and nothing of it is handed on.
        let (mut session, settings) = database.for_transaction().await?;
        // No limit of time: an export may take long, and cancelling it reaches the server.
        let begin =
            SafeSql::new("begin isolation level repeatable read, read only; ").sql(&settings).push("; ");
        let begin = begin.push(include_str!("begin.sql"));
        let row = sqlx::raw_sql(begin.to_query()).fetch_one(&mut session).await?;
        let (pid, now): (i32, String) = (number(&row)?, row.try_get::<&str, _>(1)?.to_owned());
        job.watch_backend(pid);
        let described = session.prepare(sql.to_query()).await.map_err(|error| explain(error.into()))?;
        let described = column::described(sqlx::Statement::columns(&described));
        let columns = column::from_session(&mut session, &described).await?;
        let snapshot_at =
            moment(&now).ok_or_else(|| Error::internal("the server's clock could not be read"))?;
        Ok(Self { session, sql, pid, columns, snapshot_at })
    }

    /// Sends all rows as lines of COPY, as the file has them where the server can write those; the receiver's going away
    /// ends it.
    ///
    /// # Errors
    /// What the server says.
    pub(super) async fn read(&mut self, copied: Option<CopyAs>, to: Sender<Piece>) -> Result<()> {
        let read = match can_be_copied(self.sql.as_str()) {
            true => self.copy(copied, &to).await,
            false => self.fetch(&to).await,
        };
        read.map_err(explain)
    }

    /// COPY sends one message a row
    /// (<https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY>).
    async fn copy(&mut self, copied: Option<CopyAs>, to: &Sender<Piece>) -> Result<()> {
        let csv = copied == Some(CopyAs::Csv);
        let format = if csv { "\n) to stdout (format csv)" } else { "\n) to stdout" };
        let sql = SafeSql::new("copy (").sql(&self.sql).push(format);
        let mut rows = self.session.copy_out_raw(sql.as_str()).await?;
        let mut piece = Piece::new(copied.is_some());
        while let Some(row) = rows.next().await {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    // What came before it is wanted: of a stream it stays.
                    let _ = to.send(piece).await;
                    return Err(error.into());
                }
            };
            match row.strip_suffix(b"\n") {
                Some(row) if csv => piece.row(row, b"\r\n"),
                _ => piece.row(&row, b""),
            }
            if piece.is_full()
                && to.send(std::mem::replace(&mut piece, Piece::new(copied.is_some()))).await.is_err()
            {
                return Ok(());
            }
        }
        let _ = to.send(piece.ends()).await;
        Ok(())
    }

    /// What COPY does not take (SHOW, EXPLAIN) has few rows.
    async fn fetch(&mut self, to: &Sender<Piece>) -> Result<()> {
        let columns = self.columns.len();
        let mut rows = sqlx::raw_sql(self.sql.to_query()).fetch(&mut self.session);
        while let Some(row) = rows.try_next().await? {
            let mut piece = Piece::new(false);
            piece.row(&line(&row, columns), b"\n");
            if to.send(piece).await.is_err() {
                return Ok(());
            }
        }
        let _ = to.send(Piece::new(false).ends()).await;
        Ok(())
    }
}

/// A row as COPY would write it.
fn line(row: &PgRow, columns: usize) -> Vec<u8> {
    let mut line = Vec::new();
    for column in 0..columns {
        if column > 0 {
            line.push(b'\t');
        }
        match wire::cell(row, column) {
            None => line.extend_from_slice(copy_text::NULL),
            Some(cell) => copy_text::escape(cell, &mut line),
        }
    }
    line
}

fn number(row: &PgRow) -> Result<i32> {
    let text: &str = row.try_get_raw(0)?.as_str().map_err(|error| Error::internal(error.to_string()))?;
    text.parse().map_err(|_| Error::internal("the session's number could not be read"))
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%#z").ok().map(|moment| moment.to_utc())
}

/// COPY takes queries alone; anything else that ends up here is told apart by the server.
fn can_be_copied(sql: &str) -> bool {
    use crate::sql::lex::{TokenKind, tokens};
    let tokens = tokens(sql).unwrap_or_default();
    let first = tokens.iter().find(|token| !matches!(token.kind, TokenKind::Comment | TokenKind::Open));
    first.is_some_and(|first| {
        ["select", "with", "values", "table"].iter().any(|verb| first.is_word(sql, verb))
    })
}

/// `read_only_sql_transaction`, `undefined_table`: what they mean here.
fn explain(error: Error) -> Error {
    match error.server().map(|server| server.sqlstate.as_str()) {
        Some("25006") => error.of_kind(ErrorKind::Refused).hint(IN_THE_TAB),
        Some("42P01") => error.hint(
            "The export asks in a session of its own: temporary tables, and what an open transaction made, are not \
             there. Wait for all rows of the result and export those.",
        ),
        _ => error,
    }
}
