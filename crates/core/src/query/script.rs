//! What is asked to run: a range of a text, cut into statements.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::arranged::QueryCondition;
use super::consent::{QueryConsent, QueryGuardPlan};
use super::offset::{byte_at, units_before};
use super::parameter;
use super::tag;
use crate::sql::split::{self, SplitError, Statement};
use crate::{Error, ErrorKind, Result};

/// Which part of a text runs; offsets are UTF-16 units from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum QueryRange {
    All,
    /// The statement that the cursor is in, or the one before it.
    At {
        offset: u32,
    },
    Selection {
        from: u32,
        to: u32,
    },
}

/// A value for `$1` (name "1") or `:since` (name "since"); null is NULL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryParameter {
    pub name: String,
    pub value: Option<String>,
}

/// An order that the server is asked for: the statement runs inside of another one that sorts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuerySort {
    /// The column's place, from 0.
    pub column: u32,
    pub descending: bool,
}

/// What to run.
#[derive(Debug, Clone)]
pub struct QueryRequest {
    pub text: String,
    pub range: QueryRange,
    pub parameters: Vec<QueryParameter>,
    pub consent: Option<QueryConsent>,
    pub sort: Vec<QuerySort>,
    /// Conditions that the server is asked for.
    pub filters: Vec<QueryCondition>,
    /// Nothing but reads, whatever the connection allows.
    pub read_only: bool,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum QueryRunReply {
    /// It runs; the number is the one of the state.
    Started { run: u32 },
    /// Nothing runs before this is agreed to.
    Asks { plan: QueryGuardPlan },
    /// Nothing runs before these parameters have values.
    Parameters { names: Vec<String> },
}

/// Where a statement stands in a text, in UTF-16 units from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryPiece {
    pub from: u32,
    pub to: u32,
    /// From 1.
    pub line: u32,
}

/// The statements of a run.
#[derive(Debug, Clone)]
pub(super) struct Script {
    pub(super) text: String,
    pub(super) statements: Vec<Statement>,
}

impl Script {
    /// Cuts what was asked for out of its text.
    ///
    /// # Errors
    /// `InvalidArguments` where a text cannot be cut, or has no statement there.
    pub(super) fn cut(request: &QueryRequest) -> Result<Self> {
        let text = request.text.clone();
        if text.contains('\0') {
            return Err(Error::new(
                ErrorKind::InvalidArguments,
                "the text contains a zero byte, which ends it for the server",
            )
            .hint("Take it out: PostgreSQL keeps none in a text."));
        }
        let statements = match request.range {
            QueryRange::All => cut(&text)?,
            QueryRange::At { offset } => at(cut(&text)?, byte_at(&text, offset)),
            QueryRange::Selection { from, to } => selection(&text, byte_at(&text, from), byte_at(&text, to))?,
        };
        if statements.is_empty() {
            return Err(nothing(request.range));
        }
        Ok(Self { text, statements })
    }

    /// Refuses what can be sent and not be shown, and an order for what cannot be sorted.
    ///
    /// # Errors
    /// `InvalidArguments` with the statement's line.
    pub(super) fn check(&self, request: &QueryRequest) -> Result<()> {
        let verbs: Vec<String> = self.statements.iter().map(|statement| tag::verb(&statement.text)).collect();
        if let Some(at) = verbs.iter().position(|verb| verb == "LISTEN") {
            let line = self.statements[at].line;
            let error =
                Error::new(ErrorKind::InvalidArguments, format!("line {line}: LISTEN has no use in a tab"));
            return Err(error.hint(
                "Notifications come while nothing runs, and a tab reads only what a statement gives: they would pile up on \
                 the server. Listen with psql or a program; NOTIFY can be sent from here.",
            ));
        }
        let arranged = !request.sort.is_empty() || !request.filters.is_empty();
        if arranged && verbs != ["SELECT"] {
            let message = "only the rows of one SELECT can be sorted or filtered by the server";
            return Err(Error::new(ErrorKind::InvalidArguments, message).hint("Run the statement alone."));
        }
        Ok(())
    }

    /// The names of all parameters, each once, in their order.
    pub(super) fn parameters(&self) -> Vec<String> {
        let mut names = Vec::new();
        for statement in &self.statements {
            for name in parameter::names(&statement.text) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }
}

/// Where the statements of a text are. A text that cannot be cut has none.
pub(super) fn pieces(text: &str) -> Vec<QueryPiece> {
    let mut units = Units::of(text);
    let found = split::split(text).unwrap_or_default();
    let piece = |statement: Statement| QueryPiece {
        from: units.before(statement.start),
        to: units.before(statement.end),
        line: u32::try_from(statement.line).unwrap_or(u32::MAX),
    };
    found.into_iter().map(piece).collect()
}

/// Counts UTF-16 units once along a text, for places that only grow.
pub(super) struct Units<'a> {
    text: &'a str,
    byte: usize,
    units: u32,
}

impl<'a> Units<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, byte: 0, units: 0 }
    }

    pub(super) fn before(&mut self, byte: usize) -> u32 {
        if byte < self.byte {
            return units_before(self.text, byte);
        }
        self.units = self.units.saturating_add(units_before(&self.text[self.byte..], byte - self.byte));
        self.byte = byte;
        self.units
    }
}

/// Who runs a whole text has no cursor to move.
fn nothing(range: QueryRange) -> Error {
    let (message, hint) = match range {
        QueryRange::All => {
            ("there is no statement to run", "Write one: blanks and comments alone run nothing.")
        }
        _ => ("there is no statement to run here", "Put the cursor into a statement, or select one."),
    };
    Error::new(ErrorKind::InvalidArguments, message).hint(hint)
}

fn cut(text: &str) -> Result<Vec<Statement>> {
    split::split(text).map_err(|error| unclear(&error))
}

fn unclear(error: &SplitError) -> Error {
    let SplitError { problem, line, column } = error;
    Error::new(ErrorKind::InvalidArguments, format!("line {line}, column {column}: {problem}"))
        .hint("Nothing was sent to the server.")
}

/// The statement around a byte; between two statements the one before.
fn at(statements: Vec<Statement>, byte: usize) -> Vec<Statement> {
    let before = statements.iter().rposition(|statement| statement.start <= byte);
    let chosen = before.or(if statements.is_empty() { None } else { Some(0) });
    chosen.and_then(|index| statements.into_iter().nth(index)).into_iter().collect()
}

fn selection(text: &str, from: usize, to: usize) -> Result<Vec<Statement>> {
    let (from, to) = (from.min(to), to.max(from));
    let lines = text[..from].matches('\n').count();
    let found = split::split(&text[from..to]).map_err(|mut error| {
        error.line += lines;
        unclear(&error)
    })?;
    let shifted = found.into_iter().map(|statement| Statement {
        line: statement.line + lines,
        start: statement.start + from,
        end: statement.end + from,
        ..statement
    });
    Ok(shifted.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, range: QueryRange, expected: &[&str]) {
        let request = QueryRequest {
            text: text.to_owned(),
            range,
            parameters: Vec::new(),
            consent: None,
            sort: Vec::new(),
            filters: Vec::new(),
            read_only: false,
        };
        let found = Script::cut(&request).unwrap();
        let found: Vec<&str> = found.statements.iter().map(|statement| statement.text.as_str()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_statement_at_the_cursor_is_the_one_that_it_is_in_or_behind() {
        let text = "select '😀'; select 2;\n\n";
        check(text, QueryRange::At { offset: 0 }, &["select '😀'"]);
        check(text, QueryRange::At { offset: 12 }, &["select '😀'"]);
        check(text, QueryRange::At { offset: 13 }, &["select 2"]);
        check(text, QueryRange::At { offset: 99 }, &["select 2"]);
        check(" \nselect 1", QueryRange::At { offset: 0 }, &["select 1"]);
    }

    #[test]
    fn a_selection_is_cut_for_itself_and_knows_where_it_stands() {
        let text = "select 1;\nselect 2; select 3";
        let request = QueryRange::Selection { from: 17, to: 10 };
        check(text, request, &["select"]);
        let found = selection(text, 10, text.len()).unwrap();
        assert_eq!((found[1].line, found[1].start), (2, 20));
    }

    #[test]
    fn pieces_are_counted_as_javascript_counts() {
        let found = pieces("select '😀';\nselect 2");
        assert_eq!(found[1], QueryPiece { from: 13, to: 21, line: 2 });
    }
}
