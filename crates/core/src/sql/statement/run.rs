//! Transactions, settings, and code whose text is not the whole of it.

use squawk_syntax::ast::{self, AstNode as _, Commit, Rollback, Stmt};

use super::{InTransaction, Reading, StatementKind};

pub(super) fn read(reading: &mut Reading, statement: &Stmt) -> bool {
    transaction(reading, statement) || setting(reading, statement) || code(reading, statement)
}

/// A savepoint leaves the transaction standing, and so does going back to it.
fn transaction(reading: &mut Reading, statement: &Stmt) -> bool {
    let controls = match statement {
        Stmt::Begin(_) | Stmt::PrepareTransaction(_) | Stmt::Commit(Commit::CommitTransaction(_)) => true,
        Stmt::Commit(_)
        | Stmt::Rollback(Rollback::RollbackPrepared(_) | Rollback::RollbackTransaction(_)) => true,
        Stmt::Rollback(_)
        | Stmt::SavepointCreate(_)
        | Stmt::ReleaseSavepoint(_)
        | Stmt::SetTransaction(_) => false,
        Stmt::SetConstraints(_) => false,
        _ => return false,
    };
    reading.kind(StatementKind::Transaction);
    if controls {
        reading.effects.transaction = InTransaction::Controls;
    }
    true
}

fn setting(reading: &mut Reading, statement: &Stmt) -> bool {
    match statement {
        Stmt::Set(_)
        | Stmt::SetRole(_)
        | Stmt::SetSessionAuth(_)
        | Stmt::Reset(_)
        | Stmt::ResetRole(_)
        | Stmt::ResetSessionAuth(_)
        | Stmt::Listen(_)
        | Stmt::Unlisten(_)
        | Stmt::Deallocate(_)
        | Stmt::Close(_)
        // It only parses; what it holds is run by `execute`.
        | Stmt::Prepare(_)
        | Stmt::Load(_) => reading.kind(StatementKind::Set),
        Stmt::Discard(_) => {
            reading.kind(StatementKind::Set);
            reading.forbidden();
        }
        Stmt::Show(_) | Stmt::Fetch(_) | Stmt::Move(_) => reading.kind(StatementKind::Read),
        Stmt::Notify(_) => reading.kind(StatementKind::Write),
        _ => return false,
    }
    true
}

fn code(reading: &mut Reading, statement: &Stmt) -> bool {
    match statement {
        Stmt::Do(block) => {
            if commits(block) {
                reading.forbidden();
            }
        }
        Stmt::Call(_) | Stmt::Execute(_) => {}
        _ => return false,
    }
    reading.kind(StatementKind::Run);
    reading.open();
    true
}

/// A block that commits runs only where no transaction is open around it.
fn commits(block: &ast::Do) -> bool {
    let Some(body) = block.body() else { return false };
    let text = body.syntax().text().to_string();
    let Ok(tokens) = crate::sql::lex::tokens(text.trim_matches('$')) else { return false };
    let inner = text.trim_matches('$');
    let mut starts = true;
    tokens.iter().filter(|token| token.kind != crate::sql::lex::TokenKind::Comment).any(|token| {
        let word = token.text(inner).to_ascii_lowercase();
        let found = starts && matches!(word.as_str(), "commit" | "rollback");
        starts = matches!(word.as_str(), ";" | "begin" | "then" | "else" | "loop");
        found
    })
}
