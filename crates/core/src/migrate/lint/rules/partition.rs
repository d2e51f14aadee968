//! A table that takes another one's place, partitioned or not.

use squawk_syntax::ast::{self, AstNode as _, PartitionType, Stmt};

use super::super::source::{Found, Piece, Source};
use super::index::partitions;
use crate::sql::LockMode;
use crate::sql::statement::{ObjectKind, StatementKind, bare_name};

pub(super) fn check(source: &Source<'_>, found: &mut Vec<Found>) {
    for piece in &source.statements {
        found.extend(sequence(source, piece));
        found.extend(no_default(source, piece));
    }
}

/// `serial` makes a sequence of its own, which knows nothing of the numbers that the old table gave.
fn sequence(source: &Source<'_>, piece: &Piece) -> Option<Found> {
    let Stmt::CreateTable(create) = &piece.tree else { return None };
    let made = piece.effects.creates.iter().find(|object| object.kind == ObjectKind::Table)?;
    let before = source.statements.iter().filter(|other| other.start < piece.start);
    let renamed = before.flat_map(|other| &other.effects.renames).find(|rename| {
        rename.kind == ObjectKind::Table && bare_name(&rename.from) == bare_name(&made.name)
    })?;
    let serial = create.syntax().descendants().filter_map(ast::Type::cast).find(is_serial)?;
    let (table, old) = (&made.name, &renamed.to);
    let what = format!("The new {table} has a sequence of its own that starts at 1");
    let why = format!(
        "The numbers of {old} are given again: where the primary key holds another column too, nothing stops them. \
         Dropping {old} takes the old sequence with it."
    );
    let rewrite = format!(
        "create table {table} (id bigint not null default nextval('OLD_SEQUENCE'), ...);\n\
         alter sequence OLD_SEQUENCE owned by {table}.id;"
    );
    Some(piece.found("sequence-starts-again", what, why).instead(rewrite).at(serial.syntax()))
}

fn is_serial(ty: &ast::Type) -> bool {
    let text = ty.syntax().text().to_string().trim().to_lowercase();
    matches!(text.as_str(), "serial" | "bigserial" | "smallserial" | "serial4" | "serial8" | "serial2")
}

/// Rows outside of every partition stop the copy.
fn no_default(source: &Source<'_>, piece: &Piece) -> Option<Found> {
    let made = piece.effects.creates.iter().find(|object| object.kind == ObjectKind::Table)?;
    if !partitions(piece, &made.name) || has_default(source, &made.name) {
        return None;
    }
    let fills = |other: &&Piece| {
        other.effects.kind == StatementKind::Write
            && other.effects.touches.iter().any(|touch| {
                touch.mode == LockMode::RowExclusive && bare_name(&touch.relation) == bare_name(&made.name)
            })
    };
    let filled = source.statements.iter().find(fills)?;
    let table = &made.name;
    let what = format!("Rows for {table} that no partition of this file takes stop the whole copy");
    let why = "Make partitions from the oldest row to some months ahead, with bounds in UTC, and a default one for the rest.";
    let rewrite = format!("create table {}_default partition of {table} default;", bare_name(table));
    Some(filled.found("partitions-without-default", what, why).instead(rewrite))
}

fn has_default(source: &Source<'_>, table: &str) -> bool {
    source.statements.iter().any(|piece| {
        let Stmt::CreateTable(create) = &piece.tree else { return false };
        let of = create.partition_of().and_then(|of| of.table_name_ref());
        let of = of.map(|of| bare_name(&of.syntax().text().to_string().to_lowercase()));
        of.as_deref() == Some(bare_name(table).as_str())
            && matches!(create.partition_type(), Some(PartitionType::PartitionDefault(_)))
    })
}
