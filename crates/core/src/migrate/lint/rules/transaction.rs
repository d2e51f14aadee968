//! Transactions: who opens them, what may not stand in one, what has to wait for its end.

use squawk_syntax::ast::{self, AlterTypeAction, AstNode as _, Stmt};

use super::super::finding::LintSource;
use super::super::policy;
use super::super::source::{Found, Piece, Source};
use crate::sql::statement::InTransaction;

const NO_TRANSACTION: &str = "-- evaldesk: no-transaction";

pub(super) fn check(source: &Source<'_>, found: &mut Vec<Found>) {
    for piece in &source.statements {
        found.extend(controls(piece));
        found.extend(needs_none(source, piece, found));
        found.extend(new_value(source, piece));
    }
    found.extend(needless(source));
}

fn controls(piece: &Piece) -> Option<Found> {
    (piece.effects.transaction == InTransaction::Controls).then(|| {
        piece.found(
            "controls-transaction",
            "The file controls the transaction by itself",
            "The runner opens one transaction a migration, with the version's row in it, or none where the head says \
             -- evaldesk: no-transaction. A commit in the middle would leave a half without anybody knowing. Take it out.",
        )
    })
}

/// The library speaks of an index that is built concurrently; of the rest it does not.
fn needs_none(source: &Source<'_>, piece: &Piece, found: &[Found]) -> Option<Found> {
    let refused = source.context.transactional && piece.effects.transaction == InTransaction::Forbidden;
    let said = found.iter().any(|other| {
        other.rule == "ban-concurrent-index-creation-in-transaction"
            && (piece.start..piece.end).contains(&other.start)
    });
    (refused && !said).then(|| {
        let what = "The server refuses this inside of a transaction, and the file runs in one";
        let why = "Alone in a file of its own it can be resumed where it broke off; other statements are safer in a transaction.";
        let rewrite = format!("{NO_TRANSACTION}\n\n{};", piece.text(source));
        piece.found("needs-no-transaction", what, why).instead(rewrite)
    })
}

fn needless(source: &Source<'_>) -> Option<Found> {
    let open = |piece: &Piece| piece.effects.transaction != InTransaction::Allowed || !piece.effects.complete;
    let several = source.statements.len() > 1;
    if source.context.transactional || !several || source.statements.iter().any(open) {
        return None;
    }
    let name = "needless-no-transaction";
    Some(Found {
        rule: name.to_owned(),
        level: policy::level_of(name),
        source: LintSource::Evaldesk,
        start: 0,
        end: source.text.find('\n').unwrap_or(source.text.len()),
        what: "The file runs without a transaction, and every statement of it could run in one".to_owned(),
        why: "If it breaks off, the half that is done stays, and somebody has to decide.".to_owned(),
        rewrite: None,
    })
}

/// From 12 on a value may be added in a transaction, and not be used before its end.
fn new_value(source: &Source<'_>, piece: &Piece) -> Option<Found> {
    let Stmt::AlterType(alter) = &piece.tree else { return None };
    let Some(AlterTypeAction::AddValue(add)) = alter.action() else { return None };
    let value = add.literal()?.syntax().text().to_string();
    let uses = |later: &&Piece| later.start > piece.start && mentions(later, &value);
    let later = source.statements.iter().find(uses).filter(|_| source.context.transactional)?;
    let what = format!("{value} is added to an enum and used in the same transaction");
    let why = "The server refuses a new value until the transaction that adds it is over. Make it a migration of its own.";
    Some(later.found("new-enum-value-used", what, why))
}

fn mentions(piece: &Piece, literal: &str) -> bool {
    piece
        .tree
        .syntax()
        .descendants()
        .filter_map(ast::Literal::cast)
        .any(|found| found.syntax().text() == literal)
}
