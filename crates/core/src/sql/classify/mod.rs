//! What a statement may do. Whatever is not proven a read is not a read.
//!
//! A text is a read only if two scanners agree on its words, the parser has no error and sees one statement, every node
//! of the tree is known to belong to a read, and every name it calls, casts to and reads is known to do no more. The
//! names are judged by lists of pg_catalog's functions (`functions`), and by what the catalog of the database says of
//! names outside of it (`ClassifyContext`).

mod body;
mod context;
pub mod functions;
mod names;
mod same;
mod settings;
#[cfg(test)]
mod tests;
mod verb;

pub use context::{ClassifyContext, IMPLIED, Known};
pub use names::{Named, Names};
pub use settings::is_harmless as is_harmless_setting;

use serde::{Deserialize, Serialize};
use squawk_syntax::SyntaxKind;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode as _, Commit, CopyDirection, CopyTarget, Rollback, Stmt};
use ts_rs::TS;

use super::parse;

/// What a statement does, as far as its text and what is known of its names tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    Read,
    /// It changes rows, files or what others are told.
    Write,
    /// It makes, changes or drops what the catalog knows.
    Ddl,
    /// It changes the session alone.
    Session,
    /// It begins, ends or divides a transaction.
    Transaction,
    /// It cannot be told: a block, a call, a function that is not known, syntax that is not followed.
    Unknown,
}

/// What one statement was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classified {
    pub effect: Effect,
    /// "UPDATE", "DROP TABLE".
    pub verb: String,
    /// Why a read-only connection does not send it, without an end; `None` where it may.
    pub refused: Option<String>,
    /// What it refers to. Empty where the text could not be followed.
    pub names: Names,
}

impl Classified {
    /// Whether a read-only connection may send it.
    pub fn is_allowed_read_only(&self) -> bool {
        self.refused.is_none()
    }
}

/// What one statement does, with nothing known of the database: names outside of pg_catalog are refused.
pub fn classify(sql: &str) -> Classified {
    classify_with(sql, &ClassifyContext::default())
}

/// What one statement does in a database of which this is known. The context has to know of all its names.
pub fn classify_with(sql: &str, context: &ClassifyContext) -> Classified {
    let read = parse::with_room(sql, || read(sql, context));
    let mut found = read.unwrap_or_else(|| unknown(parse::too_deep().message));
    found.verb = verb::verb(sql);
    found
}

/// Whether a text is one query by its grammar alone: it changes and locks nothing by itself, whatever the functions do
/// that it calls.
pub fn is_one_query(sql: &str) -> bool {
    parse::with_room(sql, || {
        let parsed = parse::parse(sql);
        let mut statements = parse::statements(&parsed);
        let (Some(statement), None) = (statements.next(), statements.next()) else { return false };
        parsed.errors().is_empty()
            && is_query(&statement)
            && body::stranger(statement.syntax(), body::nothing).is_none()
    })
    .unwrap_or(false)
}

fn unknown(why: impl Into<String>) -> Classified {
    of(Effect::Unknown, Some(why.into()), Names::default())
}

fn of(effect: Effect, refused: Option<String>, names: Names) -> Classified {
    Classified { effect, verb: String::new(), refused, names }
}

fn read(sql: &str, context: &ClassifyContext) -> Classified {
    if sql.contains('\0') {
        return unknown("it contains a zero byte");
    }
    let parsed = parse::parse(sql);
    let mut statements = parse::statements(&parsed);
    let (Some(statement), None) = (statements.next(), statements.next()) else {
        return unknown("it is not one statement");
    };
    let mut found = match parsed.errors().first() {
        Some(error) => {
            let (line, column) = parse::position(sql, usize::from(error.range().start()));
            let why = format!("it cannot be followed from line {line}, column {column}: {}", error.message());
            of(verb::effect(&statement), Some(why), Names::of(statement.syntax()))
        }
        None => judge(&statement, context),
    };
    if found.refused.is_none() && !same::agree(sql, &parsed.syntax_node()) {
        let why = "two readings of it disagree where its words, strings and comments end";
        found = of(Effect::Unknown, Some(why.to_owned()), found.names);
    }
    found
}

fn judge(statement: &Stmt, context: &ClassifyContext) -> Classified {
    match statement {
        Stmt::Select(_)
        | Stmt::CompoundSelect(_)
        | Stmt::ParenSelect(_)
        | Stmt::Table(_)
        | Stmt::Values(_) => query(statement.syntax(), context),
        Stmt::SelectInto(_) => of(
            Effect::Ddl,
            Some("it makes a table of what it reads".to_owned()),
            Names::of(statement.syntax()),
        ),
        Stmt::Explain(explain) => self::explain(explain, context),
        Stmt::Copy(copy) => self::copy(copy, context),
        Stmt::Declare(_) => within(statement.syntax(), context),
        // A cursor is only there if its query was let in.
        Stmt::Show(_) | Stmt::Fetch(_) | Stmt::Move(_) | Stmt::Close(_) => {
            of(Effect::Read, None, Names::default())
        }
        _ => other(statement),
    }
}

fn other(statement: &Stmt) -> Classified {
    let effect = verb::effect(statement);
    let refused = match statement {
        Stmt::Begin(_) | Stmt::SetTransaction(_) => lifts(statement.syntax()),
        Stmt::Commit(Commit::CommitTransaction(_))
        | Stmt::Rollback(Rollback::RollbackTransaction(_) | Rollback::RollbackToSavepoint(_))
        | Stmt::SavepointCreate(_)
        | Stmt::ReleaseSavepoint(_) => None,
        Stmt::Set(set) => settings::set_refused(set),
        Stmt::Reset(reset) => settings::reset_refused(reset),
        Stmt::Listen(_) => Some(
            "it listens, and a session that reads nothing of it holds up the queue of all others".to_owned(),
        ),
        _ => Some(reason(effect).to_owned()),
    };
    of(effect, refused, Names::of(statement.syntax()))
}

fn reason(effect: Effect) -> &'static str {
    match effect {
        Effect::Write => "it writes",
        Effect::Ddl => "it changes what is in the catalog, or tends to it",
        Effect::Session => "it changes the session, and it is not one of the settings known to be harmless",
        Effect::Transaction => "it ends or divides a transaction in a way that is not known to be harmless",
        Effect::Read | Effect::Unknown => "what it runs cannot be told from its text",
    }
}

/// `read write` lifts what keeps the session read-only; a snapshot is nothing that a person types.
fn lifts(statement: &SyntaxNode) -> Option<String> {
    let mut nodes = statement.descendants();
    nodes
        .any(|node| matches!(node.kind(), SyntaxKind::READ_WRITE | SyntaxKind::ERROR))
        .then(|| "it makes the transaction one that writes".to_owned())
}

/// A query is a read if all of it is known, and all that it calls.
fn query(tree: &SyntaxNode, context: &ClassifyContext) -> Classified {
    let names = Names::of(tree);
    let strange = body::stranger(tree, body::nothing);
    let writes = strange.is_some() && tree.descendants().any(|node| is_write(node.kind()));
    let refused = strange.or_else(|| context.objection(&names));
    let effect = match (&refused, writes) {
        (None, _) => Effect::Read,
        (Some(_), true) => Effect::Write,
        (Some(_), false) => Effect::Unknown,
    };
    of(effect, refused, names)
}

fn is_write(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::INSERT | SyntaxKind::UPDATE | SyntaxKind::DELETE | SyntaxKind::MERGE)
}

/// The query inside of a statement that runs it or keeps it.
fn within(statement: &SyntaxNode, context: &ClassifyContext) -> Classified {
    match statement.children().find_map(Stmt::cast) {
        Some(inner) if is_query(&inner) => query(inner.syntax(), context),
        _ => unknown("what it runs is not a query"),
    }
}

fn is_query(statement: &Stmt) -> bool {
    matches!(
        statement,
        Stmt::Select(_) | Stmt::CompoundSelect(_) | Stmt::ParenSelect(_) | Stmt::Table(_) | Stmt::Values(_)
    )
}

/// Without `analyze` nothing runs, but planning calls functions with constants: names are judged all the same.
fn explain(explain: &ast::Explain, context: &ClassifyContext) -> Classified {
    let Some(inner) = explain.syntax().children().find_map(Stmt::cast) else {
        return unknown("what it explains cannot be followed");
    };
    if is_query(&inner) && body::stranger(inner.syntax(), body::nothing).is_none() {
        return query(inner.syntax(), context);
    }
    if analyzes(explain, &inner) {
        let found = judge(&inner, context);
        let why = found.refused.unwrap_or_else(|| "it is no query".to_owned());
        return of(found.effect, Some(format!("analyze runs the statement, and {why}")), found.names);
    }
    let changes = matches!(inner, Stmt::Insert(_) | Stmt::Update(_) | Stmt::Delete(_) | Stmt::Merge(_));
    if !changes && !is_query(&inner) {
        return unknown("what it explains is neither a query nor a change of rows");
    }
    let names = Names::of(inner.syntax());
    let refused = body::stranger(inner.syntax(), body::is_change).or_else(|| context.objection(&names));
    let effect = if refused.is_none() { Effect::Read } else { Effect::Unknown };
    of(effect, refused, names)
}

/// Whether the word stands before the statement, whatever its value is: the last of several counts, and a doubt is a yes.
fn analyzes(explain: &ast::Explain, inner: &Stmt) -> bool {
    let text = explain.syntax().text().to_string();
    let head = usize::from(inner.syntax().text_range().start() - explain.syntax().text_range().start());
    let head = text.get(..head).unwrap_or(&text).to_ascii_lowercase();
    head.contains("analy") || head.contains("u&")
}

/// To the client, and nowhere else.
fn copy(copy: &ast::Copy, context: &ClassifyContext) -> Classified {
    let Some(CopyDirection::CopyTo(to)) = copy.copy_direction() else {
        return of(Effect::Write, Some("it writes rows".to_owned()), Names::of(copy.syntax()));
    };
    if !matches!(to.copy_target(), Some(CopyTarget::CopyStdout(_))) {
        let why = "it writes a file of the server, or runs a program there";
        return of(Effect::Write, Some(why.to_owned()), Names::of(copy.syntax()));
    }
    match copy.copy_query() {
        Some(query) => within(query.syntax(), context),
        None => {
            let names = Names::of(copy.syntax());
            let relations =
                Names { relations: names.relations.clone(), beyond: names.beyond, ..Names::default() };
            let refused = context.objection(&relations);
            let effect = if refused.is_none() { Effect::Read } else { Effect::Unknown };
            of(effect, refused, relations)
        }
    }
}
