//! Constraints: which tables they lock, and whether every row is looked at.

use squawk_syntax::ast::{self, AstNode as _, Constraint, ConstraintOption};

use super::name::{name, spelled};
use super::{Kin, ObjectKind, Reading, Touch};
use crate::sql::LockMode::{AccessExclusive, ShareRowExclusive};

/// A constraint of a table that the same statement makes: only what it refers to was there before.
pub(super) fn of_new_table(reading: &mut Reading, constraint: &Constraint, table: &str) {
    if let Some(named) = constraint_name(constraint) {
        reading.creates(ObjectKind::Constraint, named, Some(table));
    }
    if let Some(referenced) = referenced(constraint).filter(|referenced| referenced != table) {
        reading.table(referenced, ShareRowExclusive);
    }
}

/// `add constraint` on a table that may have rows.
pub(super) fn added(reading: &mut Reading, constraint: &Constraint, table: &str) -> Touch {
    reading.creates(ObjectKind::Constraint, constraint_name(constraint).unwrap_or_default(), Some(table));
    let looks = !skips_validation(constraint);
    let touch = |mode| {
        let touch = Touch::new(ObjectKind::Table, table.to_owned(), mode);
        if looks { touch.scanning() } else { touch }
    };
    match constraint {
        Constraint::ForeignKeyConstraint(_) | Constraint::ReferencesConstraint(_) => {
            refer(reading, constraint, looks);
            touch(ShareRowExclusive)
        }
        _ => touch(AccessExclusive),
    }
}

/// The other side of a foreign key is locked just as hard; a check of the rows reads it too.
pub(super) fn refer(reading: &mut Reading, constraint: &Constraint, looks: bool) {
    let Some(referenced) = referenced(constraint) else { return };
    let touch = Touch::new(ObjectKind::Table, referenced, ShareRowExclusive);
    let touch = touch.spreading(Kin::Children, ShareRowExclusive);
    reading.touches(if looks { touch.scanning() } else { touch });
}

/// The table that a foreign key points to.
pub(super) fn referenced(constraint: &Constraint) -> Option<String> {
    let table = match constraint {
        Constraint::ForeignKeyConstraint(key) => key.table_name_ref(),
        Constraint::ReferencesConstraint(key) => key.table(),
        _ => None,
    };
    table.map(|table| spelled(table.syntax()))
}

/// `not valid`, `not enforced` and `using index` leave the rows alone.
pub(super) fn skips_validation(constraint: &Constraint) -> bool {
    let mut options = constraint.syntax().children().filter_map(ConstraintOption::cast);
    let lazy = |option: ConstraintOption| {
        matches!(option, ConstraintOption::NotValid(_) | ConstraintOption::NotEnforced(_))
    };
    let by_index = constraint.syntax().children().any(|child| ast::UsingIndexName::can_cast(child.kind()));
    let nothing = matches!(constraint, Constraint::NullConstraint(_) | Constraint::DefaultConstraint(_));
    by_index || nothing || options.any(lazy)
}

fn constraint_name(constraint: &Constraint) -> Option<String> {
    let clause = constraint.syntax().children().find_map(ast::ConstraintNameClause::cast)?;
    Some(name(clause.constraint_name()))
}
