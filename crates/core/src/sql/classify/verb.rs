//! What a statement that is no read is called, and what it does.

use squawk_syntax::ast::{Commit, Rollback, Stmt};

use super::Effect;
use crate::sql::lex::{Token, TokenKind, Tokens};

/// Words between `create` or `alter` and what is made.
const BETWEEN: &[&str] = &[
    "OR",
    "REPLACE",
    "GLOBAL",
    "LOCAL",
    "TEMP",
    "TEMPORARY",
    "UNLOGGED",
    "UNIQUE",
    "RECURSIVE",
    "CONSTRAINT",
    "TRUSTED",
    "PROCEDURAL",
    "DEFAULT",
];

/// Kinds that need a second word to be understood.
const HALF: &[&str] = &["MATERIALIZED", "FOREIGN", "EVENT", "TEXT", "ACCESS", "LARGE", "USER", "OPERATOR"];

/// The verb in upper case, with what it works on where that is part of its name: "UPDATE", "DROP TABLE".
pub(super) fn verb(sql: &str) -> String {
    let mut words = Tokens::of(sql).map_while(Result::ok).filter(|token| token.kind != TokenKind::Comment);
    let Some(first) = words.find(|token| token.kind != TokenKind::Open).and_then(|token| word(sql, token))
    else {
        return String::new();
    };
    let mut rest =
        words.map_while(|token| word(sql, token)).skip_while(|word| BETWEEN.contains(&word.as_str()));
    match first.as_str() {
        "CREATE" | "ALTER" | "DROP" => {
            let Some(kind) = rest.next() else { return first };
            let more = rest.next().filter(|_| HALF.contains(&kind.as_str()));
            more.map_or_else(|| format!("{first} {kind}"), |more| format!("{first} {kind} {more}"))
        }
        _ => first,
    }
}

fn word(sql: &str, token: Token) -> Option<String> {
    (token.kind == TokenKind::Word).then(|| token.text(sql).to_ascii_uppercase())
}

/// What a statement does that is neither a read nor decided elsewhere.
pub(super) fn effect(statement: &Stmt) -> Effect {
    match statement {
        Stmt::Insert(_)
        | Stmt::Update(_)
        | Stmt::Delete(_)
        | Stmt::Merge(_)
        | Stmt::Truncate(_)
        | Stmt::Copy(_) => Effect::Write,
        Stmt::PrepareTransaction(_)
        | Stmt::Commit(Commit::CommitPrepared(_))
        | Stmt::Rollback(Rollback::RollbackPrepared(_)) => Effect::Write,
        Stmt::Notify(_) | Stmt::Refresh(_) => Effect::Write,
        Stmt::Begin(_)
        | Stmt::Commit(_)
        | Stmt::Rollback(_)
        | Stmt::SavepointCreate(_)
        | Stmt::ReleaseSavepoint(_)
        | Stmt::SetTransaction(_) => Effect::Transaction,
        Stmt::Set(_)
        | Stmt::SetRole(_)
        | Stmt::SetSessionAuth(_)
        | Stmt::SetConstraints(_)
        | Stmt::Reset(_)
        | Stmt::ResetRole(_)
        | Stmt::ResetSessionAuth(_)
        | Stmt::Discard(_)
        | Stmt::Deallocate(_)
        | Stmt::Listen(_)
        | Stmt::Unlisten(_)
        | Stmt::Lock(_) => Effect::Session,
        Stmt::Do(_)
        | Stmt::Call(_)
        | Stmt::Execute(_)
        | Stmt::Prepare(_)
        | Stmt::Explain(_)
        | Stmt::Load(_) => Effect::Unknown,
        Stmt::Declare(_) => Effect::Unknown,
        Stmt::Select(_)
        | Stmt::CompoundSelect(_)
        | Stmt::ParenSelect(_)
        | Stmt::Table(_)
        | Stmt::Values(_) => Effect::Unknown,
        // Everything else makes, changes or drops what the catalog knows, or tends to it.
        _ => Effect::Ddl,
    }
}
