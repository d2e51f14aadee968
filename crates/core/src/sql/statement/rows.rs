//! Statements about rows: which tables they read, which they write.

use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode as _, CopyDirection, Stmt};

use super::name::{bare_name, name, spelled};
use super::{Kin, ObjectKind, Reading, StatementKind, Touch};
use crate::sql::LockMode::{AccessShare, RowExclusive, RowShare};

pub(super) fn read(reading: &mut Reading, statement: &Stmt) -> bool {
    match statement {
        Stmt::Select(_)
        | Stmt::CompoundSelect(_)
        | Stmt::ParenSelect(_)
        | Stmt::Table(_)
        | Stmt::Values(_)
        | Stmt::Insert(_)
        | Stmt::Update(_)
        | Stmt::Delete(_)
        | Stmt::Merge(_)
        | Stmt::Declare(_) => {}
        Stmt::Copy(copy) => self::copy(reading, copy),
        Stmt::Explain(explain) if !runs(explain) => {
            reading.kind(StatementKind::Read);
            return true;
        }
        Stmt::Explain(_) => {}
        _ => return false,
    }
    writes_of(reading, statement.syntax());
    reads_of(reading, statement.syntax());
    let writes = reading.effects.touches.iter().any(|touch| touch.mode >= RowExclusive);
    reading.kind(if writes { StatementKind::Write } else { StatementKind::Read });
    true
}

/// `explain` runs a statement only with `analyze`.
fn runs(explain: &ast::Explain) -> bool {
    let mode = explain.explain_mode().map(|mode| mode.syntax().text().to_string().to_lowercase());
    mode.is_some_and(|mode| {
        let words: Vec<_> =
            mode.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let named = words.iter().position(|word| matches!(*word, "analyze" | "analyse"));
        named.is_some_and(|at| {
            !words.get(at + 1).is_some_and(|value| matches!(*value, "false" | "off" | "no" | "0"))
        })
    })
}

fn copy(reading: &mut Reading, copy: &ast::Copy) {
    let Some(table) = copy.copy_table() else { return };
    let into = matches!(copy.copy_direction(), Some(CopyDirection::CopyFrom(_)));
    let touch = Touch::new(
        ObjectKind::Table,
        name(table.table_name_ref()),
        if into { RowExclusive } else { AccessShare },
    );
    reading.touches(if into { touch } else { touch.scanning() });
}

/// What `insert`, `update`, `delete` and `merge` write, also inside of `with`.
fn writes_of(reading: &mut Reading, statement: &SyntaxNode) {
    for node in statement.descendants() {
        let written = if let Some(insert) = ast::Insert::cast(node.clone()) {
            name(insert.relation_name_ref())
        } else if let Some(update) = ast::Update::cast(node.clone()) {
            name(update.relation_name().and_then(|relation| relation.relation_name_ref()))
        } else if let Some(delete) = ast::Delete::cast(node.clone()) {
            name(delete.relation_name().and_then(|relation| relation.relation_name_ref()))
        } else if let Some(merge) = ast::Merge::cast(node) {
            name(merge.table_relation_name().and_then(|relation| relation.table_name_ref()))
        } else {
            continue;
        };
        reading.touches(
            Touch::new(ObjectKind::Table, written, RowExclusive).spreading(Kin::Referenced, RowShare),
        );
    }
}

/// What a query reads. Names that it gives itself (`with`) are none.
pub(super) fn reads_of(reading: &mut Reading, statement: &SyntaxNode) {
    let own: Vec<String> =
        statement.descendants().filter_map(ast::CteName::cast).map(|cte| spelled(cte.syntax())).collect();
    let locking = statement.descendants().any(|node| ast::LockingClause::can_cast(node.kind()));
    let mode = if locking { RowShare } else { AccessShare };
    for relation in read_relations(statement).filter(|relation| !own.contains(&bare_name(relation))) {
        reading.touches(Touch::new(ObjectKind::Table, relation, mode));
    }
}

fn read_relations(statement: &SyntaxNode) -> impl Iterator<Item = String> {
    statement.descendants().filter_map(|node| {
        let from = ast::RelationFromItem::cast(node.clone()).and_then(|from| from.relation_name_ref());
        let table = || ast::Table::cast(node)?.relation_name()?.relation_name_ref();
        from.or_else(table).map(|relation| spelled(relation.syntax()))
    })
}
