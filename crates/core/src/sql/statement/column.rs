//! `add column` and `alter column`: whether the table is written anew, or read as a whole.

use squawk_syntax::ast::{self, AlterColumnOption, AstNode as _, Constraint, GeneratedAs, GeneratedKind};

use super::name::{name, spelled};
use super::type_change::{self, may_differ_by_row, numbers_itself};
use super::{ObjectKind, Reading, Retype, Touch, constraint};
use crate::sql::LockMode::{AccessExclusive, ShareUpdateExclusive};

/// A new column. The server writes the table anew where the value may differ from row to row.
pub(super) fn added(reading: &mut Reading, add: &ast::AddColumn, table: &str) -> Touch {
    reading.creates(ObjectKind::Column, name(add.column_name()), Some(table));
    let constraints: Vec<_> = add.constraints().collect();
    let mut touch = Touch::new(ObjectKind::Table, table.to_owned(), AccessExclusive);
    let computed = constraints.iter().any(|constraint| computes_each_row(constraint, reading.major));
    if computed || add.ty().is_some_and(|ty| numbers_itself(&type_change::text(&ty))) {
        touch = touch.rewriting();
    }
    let has_default =
        constraints.iter().any(|constraint| matches!(constraint, Constraint::DefaultConstraint(_)));
    for constraint in &constraints {
        let looks = looks_at_rows(constraint, has_default);
        constraint::refer(reading, constraint, looks);
        touch.scans |= looks;
    }
    touch
}

fn computes_each_row(constraint: &Constraint, major: u32) -> bool {
    match constraint {
        Constraint::DefaultConstraint(default) => {
            default.expr().is_some_and(|value| may_differ_by_row(value.syntax()))
        }
        Constraint::GeneratedConstraint(generated) => match generated.generated_as() {
            Some(GeneratedAs::GeneratedStored(computed)) => is_stored(&computed, major),
            // Every row gets its number.
            _ => true,
        },
        _ => false,
    }
}

/// From 18 on a generated column is virtual unless it says otherwise.
fn is_stored(computed: &ast::GeneratedStored, major: u32) -> bool {
    match computed.generated_kind() {
        Some(GeneratedKind::Stored(_)) => true,
        Some(GeneratedKind::Virtual(_)) => false,
        None => major < 18,
    }
}

/// A column without a default is null everywhere: a foreign key has nothing to look at then, and `not null` fails.
fn looks_at_rows(constraint: &Constraint, has_default: bool) -> bool {
    match constraint {
        Constraint::CheckConstraint(_)
        | Constraint::UniqueConstraint(_)
        | Constraint::PrimaryKeyConstraint(_) => true,
        Constraint::ReferencesConstraint(_) => has_default,
        Constraint::NotNullConstraint(_) => !has_default,
        _ => false,
    }
}

/// A column that is there already.
pub(super) fn altered(alter: &ast::AlterColumn, table: &str) -> Touch {
    let mut touch = Touch::new(ObjectKind::Table, table.to_owned(), AccessExclusive);
    match alter.option() {
        Some(AlterColumnOption::SetType(change)) => retyped(touch, alter, &change),
        Some(AlterColumnOption::SetNotNull(_)) => touch.scanning(),
        Some(AlterColumnOption::SetExpression(_)) => touch.rewriting(),
        Some(
            AlterColumnOption::SetStatistics(_)
            | AlterColumnOption::SetOptions(_)
            | AlterColumnOption::ResetOptions(_),
        ) => {
            touch.mode = ShareUpdateExclusive;
            touch
        }
        _ => touch,
    }
}

fn retyped(touch: Touch, alter: &ast::AlterColumn, change: &ast::SetType) -> Touch {
    let mut touch = touch.rewriting();
    touch.retypes.push(Retype {
        column: alter.column_name_ref().map(|column| spelled(column.syntax())).unwrap_or_default(),
        to: change.ty().map(|ty| type_change::text(&ty)).unwrap_or_default(),
        using: change.using_expr().is_some(),
    });
    touch
}
