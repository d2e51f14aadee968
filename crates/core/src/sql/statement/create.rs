//! `create`: what is made, and which tables that already stand have to wait for it.

use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode as _, Stmt};

use super::name::{name, spelled};
use super::{ConcurrentBuild, Kin, ObjectKind, Reading, StatementKind, Touch, constraint, rows};
use crate::sql::LockMode::{AccessExclusive, AccessShare, Share, ShareRowExclusive, ShareUpdateExclusive};

pub(super) fn read(reading: &mut Reading, statement: &Stmt) -> bool {
    let created = table_like(reading, statement)
        || on_table(reading, statement)
        || view(reading, statement)
        || plain(reading, statement);
    if created {
        reading.kind(StatementKind::Define);
    }
    created
}

fn table_like(reading: &mut Reading, statement: &Stmt) -> bool {
    match statement {
        Stmt::CreateTable(create) => table(reading, create.syntax(), name(create.table_name())),
        Stmt::CreateForeignTable(create) => table(reading, create.syntax(), name(create.table_name())),
        Stmt::CreateTableAs(create) => {
            reading.creates(ObjectKind::Table, name(create.table_name()), None);
            rows::reads_of(reading, create.syntax());
        }
        Stmt::SelectInto(select) => {
            let made = select.into_clause().and_then(|into| into.table_name());
            reading.creates(ObjectKind::Table, name(made), None);
            rows::reads_of(reading, select.syntax());
        }
        Stmt::CreateIndex(create) => index(reading, create),
        _ => return false,
    }
    true
}

/// A new table locks what it refers to, stands under or is made like.
fn table(reading: &mut Reading, create: &SyntaxNode, made: String) {
    reading.creates(ObjectKind::Table, made.clone(), None);
    for node in create.descendants() {
        if let Some(parent) = ast::PartitionOf::cast(node.clone()) {
            let parent = Touch::new(ObjectKind::Table, name(parent.table_name_ref()), AccessExclusive);
            reading.touches(parent.spreading(Kin::DefaultPartition, AccessExclusive));
        } else if let Some(parents) = ast::Inherits::cast(node.clone()) {
            for parent in parents.table_name_refs() {
                reading.table(spelled(parent.syntax()), ShareUpdateExclusive);
            }
        } else if let Some(like) = ast::LikeClause::cast(node.clone()) {
            reading.table(name(like.relation_name_ref()), AccessShare);
        } else if let Some(column) = ast::Column::cast(node.clone()) {
            let column = column.name().map(|column| spelled(column.syntax())).unwrap_or_default();
            reading.creates(ObjectKind::Column, column, Some(&made));
        } else if let Some(made_by) = ast::Constraint::cast(node) {
            constraint::of_new_table(reading, &made_by, &made);
        }
    }
}

fn index(reading: &mut Reading, create: &ast::CreateIndex) {
    let on = create.table_relation_name();
    let only = on.as_ref().is_some_and(|on| on.only_token().is_some());
    let table = name(on.and_then(|on| on.table_name_ref()));
    let index = create.index().map(|index| spelled(index.syntax()));
    reading.creates(ObjectKind::Index, index.clone().unwrap_or_default(), Some(&table));
    let concurrently = create.concurrently_token().is_some();
    let mode = if concurrently { ShareUpdateExclusive } else { Share };
    let mut touch = Touch::new(ObjectKind::Table, table.clone(), mode).scanning();
    touch.only = only;
    reading.touches(if only { touch } else { touch.spreading(Kin::Children, mode) });
    if concurrently {
        reading.forbidden();
        let if_not_exists = create.if_not_exists().is_some();
        reading.effects.concurrently_builds = Some(ConcurrentBuild { index, table, if_not_exists });
    }
}

fn on_table(reading: &mut Reading, statement: &Stmt) -> bool {
    let (kind, made, table, mode) = match statement {
        Stmt::CreateTrigger(create) => {
            let on = create.on_relation().and_then(|on| on.relation_name_ref());
            (ObjectKind::Trigger, name(create.trigger()), name(on), ShareRowExclusive)
        }
        Stmt::CreateRule(create) => {
            let on = create.rule_on().and_then(|on| on.relation_name_ref());
            (ObjectKind::Rule, name(create.rule()), name(on), AccessExclusive)
        }
        Stmt::CreatePolicy(create) => {
            let on = create.on_table().and_then(|on| on.table_name_ref());
            (ObjectKind::Policy, name(create.policy()), name(on), AccessExclusive)
        }
        Stmt::CreateStatistics(create) => {
            let on = create.from_table().and_then(|from| from.table_name_ref());
            (ObjectKind::Statistics, name(create.statistics()), name(on), ShareUpdateExclusive)
        }
        _ => return false,
    };
    reading.creates(kind, made, Some(&table));
    reading.table(table, mode);
    true
}

fn view(reading: &mut Reading, statement: &Stmt) -> bool {
    match statement {
        Stmt::CreateView(create) => {
            let view = name(create.view());
            if create.or_replace().is_some() {
                reading.touches(Touch::new(ObjectKind::View, view.clone(), AccessExclusive));
            }
            reading.creates(ObjectKind::View, view, None);
        }
        Stmt::CreateMaterializedView(create) => {
            reading.creates(ObjectKind::MaterializedView, name(create.view()), None);
        }
        _ => return false,
    }
    rows::reads_of(reading, statement.syntax());
    true
}

/// What locks no relation that is already there.
fn plain(reading: &mut Reading, statement: &Stmt) -> bool {
    let (kind, made) = match statement {
        Stmt::CreateFunction(create) => (ObjectKind::Function, name(create.name())),
        Stmt::CreateProcedure(create) => (ObjectKind::Procedure, name(create.name())),
        Stmt::CreateSequence(create) => (ObjectKind::Sequence, name(create.sequence())),
        Stmt::CreateType(create) => (ObjectKind::Type, name(create.type_name())),
        Stmt::CreateDomain(create) => (ObjectKind::Domain, name(create.domain())),
        Stmt::CreateExtension(create) => (ObjectKind::Extension, name(create.extension())),
        Stmt::CreateRole(create) => (ObjectKind::Role, name(create.role())),
        Stmt::CreateUser(create) => (ObjectKind::Role, name(create.role())),
        Stmt::CreateGroup(create) => (ObjectKind::Role, name(create.role())),
        Stmt::CreateDatabase(create) => (ObjectKind::Database, name(create.database())),
        Stmt::CreatePublication(create) => (ObjectKind::Publication, name(create.publication())),
        Stmt::CreateSubscription(create) => (ObjectKind::Subscription, name(create.subscription())),
        Stmt::CreateSchema(create) => return schema(reading, create),
        other if is_create(other) => (ObjectKind::Other, String::new()),
        _ => return false,
    };
    if matches!(statement, Stmt::CreateDatabase(_) | Stmt::CreateTablespace(_) | Stmt::CreateSubscription(_))
    {
        reading.forbidden();
    }
    reading.creates(kind, made, None);
    published(reading, statement.syntax());
    true
}

/// The tables that a publication names.
pub(super) fn published(reading: &mut Reading, statement: &SyntaxNode) {
    for object in statement.descendants().filter_map(ast::PublicationObjectTable::cast) {
        let table = object.table_name_ref().map(|table| spelled(table.syntax()));
        reading.table(table.unwrap_or_default(), ShareUpdateExclusive);
    }
}

/// A schema may be made with things in it.
fn schema(reading: &mut Reading, create: &ast::CreateSchema) -> bool {
    reading.creates(ObjectKind::Schema, schema_name(create), None);
    for element in create.schema_elements().filter_map(|element| Stmt::cast(element.syntax().clone())) {
        read(reading, &element);
    }
    true
}

fn schema_name(create: &ast::CreateSchema) -> String {
    create.schema_name().map_or_else(String::new, |name| spelled(&name))
}

fn is_create(statement: &Stmt) -> bool {
    let first = statement.syntax().first_token();
    first.is_some_and(|token| token.text().eq_ignore_ascii_case("create"))
}
