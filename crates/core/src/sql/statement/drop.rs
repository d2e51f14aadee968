//! `drop`: what goes, and who waits meanwhile.

use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode as _, Stmt};

use super::name::{name, names, spelled};
use super::{Kin, ObjectKind, Reading, StatementKind, Touch};
use crate::sql::LockMode::{AccessExclusive, ShareUpdateExclusive};

pub(super) fn read(reading: &mut Reading, statement: &Stmt) -> bool {
    let dropped = relations(reading, statement) || of_table(reading, statement) || plain(reading, statement);
    if dropped {
        reading.kind(StatementKind::Define);
        cascade(reading, statement.syntax());
    }
    dropped
}

/// What has rows or an index's entries: the relation itself is locked.
fn relations(reading: &mut Reading, statement: &Stmt) -> bool {
    let (kind, dropped) = match statement {
        Stmt::DropTable(drop) => (ObjectKind::Table, names(drop.table_name_refs())),
        Stmt::DropForeignTable(drop) => (ObjectKind::Table, names(drop.table_name_refs())),
        Stmt::DropView(drop) => (ObjectKind::View, names(drop.view_refs())),
        Stmt::DropMaterializedView(drop) => (ObjectKind::MaterializedView, names(drop.view_refs())),
        Stmt::DropSequence(drop) => (ObjectKind::Sequence, names(drop.sequence_refs())),
        Stmt::DropIndex(drop) => return index(reading, drop),
        _ => return false,
    };
    for relation in dropped {
        reading.drops(kind, relation.clone(), None);
        let touch = Touch::new(kind, relation, AccessExclusive);
        reading.touches(if kind == ObjectKind::Table { and_its_kin(touch) } else { touch });
    }
    true
}

/// A foreign key of a table that goes takes its triggers from the table that it points to; a partition leaves its parent.
fn and_its_kin(touch: Touch) -> Touch {
    touch
        .spreading(Kin::Referenced, AccessExclusive)
        .spreading(Kin::Children, AccessExclusive)
        .spreading(Kin::Parent, AccessExclusive)
}

fn index(reading: &mut Reading, drop: &ast::DropIndex) -> bool {
    let concurrently = drop.concurrently_token().is_some();
    let mode = if concurrently { ShareUpdateExclusive } else { AccessExclusive };
    for index in names(drop.index_refs()) {
        reading.drops(ObjectKind::Index, index.clone(), None);
        let touch = Touch::new(ObjectKind::Index, index, mode).spreading(Kin::TableOfIndex, mode);
        reading.touches(touch.spreading(Kin::Children, mode));
    }
    if concurrently {
        reading.forbidden();
    }
    true
}

/// What belongs to a table, which is locked.
fn of_table(reading: &mut Reading, statement: &Stmt) -> bool {
    let (kind, dropped, table) = match statement {
        Stmt::DropTrigger(drop) => {
            let on = drop.on_relation().and_then(|on| on.relation_name_ref());
            (ObjectKind::Trigger, name(drop.trigger_ref()), name(on))
        }
        Stmt::DropRule(drop) => {
            let on = drop.on_relation().and_then(|on| on.relation_name_ref());
            (ObjectKind::Rule, name(drop.rule_ref()), name(on))
        }
        Stmt::DropPolicy(drop) => {
            let on = drop.on_table().and_then(|on| on.table_name_ref());
            (ObjectKind::Policy, name(drop.policy_ref()), name(on))
        }
        _ => return false,
    };
    reading.drops(kind, dropped, Some(&table));
    reading.table(table, AccessExclusive);
    true
}

/// What locks no relation by itself.
fn plain(reading: &mut Reading, statement: &Stmt) -> bool {
    let (kind, dropped) = match statement {
        Stmt::DropFunction(drop) => (ObjectKind::Function, routines(drop.syntax())),
        Stmt::DropProcedure(drop) => (ObjectKind::Procedure, routines(drop.syntax())),
        Stmt::DropRoutine(drop) => (ObjectKind::Function, routines(drop.syntax())),
        Stmt::DropAggregate(drop) => (ObjectKind::Function, routines(drop.syntax())),
        Stmt::DropType(drop) => (ObjectKind::Type, names(drop.type_name_refs())),
        Stmt::DropDomain(drop) => (ObjectKind::Domain, names(drop.domain_refs())),
        Stmt::DropSchema(drop) => (ObjectKind::Schema, names(drop.schema_refs())),
        Stmt::DropExtension(drop) => (ObjectKind::Extension, names(drop.extension_refs())),
        Stmt::DropRole(drop) => (ObjectKind::Role, names(drop.role_refs())),
        Stmt::DropUser(drop) => (ObjectKind::Role, names(drop.role_refs())),
        Stmt::DropGroup(drop) => (ObjectKind::Role, names(drop.role_refs())),
        Stmt::DropDatabase(drop) => (ObjectKind::Database, names(drop.database_ref().into_iter())),
        Stmt::DropPublication(drop) => (ObjectKind::Publication, names(drop.publication_refs())),
        Stmt::DropSubscription(drop) => {
            (ObjectKind::Subscription, names(drop.subscription_ref().into_iter()))
        }
        Stmt::DropStatistics(drop) => (ObjectKind::Statistics, names(drop.statistics_refs())),
        other if is_drop(other) => (ObjectKind::Other, Vec::new()),
        _ => return false,
    };
    if matches!(statement, Stmt::DropDatabase(_) | Stmt::DropTablespace(_) | Stmt::DropSubscription(_)) {
        reading.forbidden();
    }
    // Whose they are, or of which table, the text does not say.
    if matches!(statement, Stmt::DropOwned(_) | Stmt::DropStatistics(_)) {
        reading.open();
    }
    for dropped in dropped {
        reading.drops(kind, dropped, None);
    }
    true
}

fn is_drop(statement: &Stmt) -> bool {
    let first = statement.syntax().first_token();
    first.is_some_and(|token| token.text().eq_ignore_ascii_case("drop"))
}

/// The names of routines, without their arguments.
fn routines(drop: &SyntaxNode) -> Vec<String> {
    let is_name = |node: &SyntaxNode| {
        ast::FunctionNameRef::can_cast(node.kind())
            || ast::ProcedureNameRef::can_cast(node.kind())
            || ast::RoutineNameRef::can_cast(node.kind())
    };
    let of_aggregate = |node: &SyntaxNode| {
        ast::PathRef::can_cast(node.kind())
            && node.parent().is_some_and(|parent| ast::Aggregate::can_cast(parent.kind()))
    };
    drop.descendants().filter(|node| is_name(node) || of_aggregate(node)).map(|node| spelled(&node)).collect()
}

/// With `cascade`, what depends on it goes too, and the text does not say what that is.
fn cascade(reading: &mut Reading, statement: &SyntaxNode) {
    if !statement.children().any(|child| ast::Cascade::can_cast(child.kind())) {
        return;
    }
    reading.open();
    for touch in &mut reading.effects.touches {
        *touch = touch.clone().spreading(Kin::Dependants, AccessExclusive);
    }
}
