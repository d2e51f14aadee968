//! `alter` of everything that is not a plain table, `comment on`, and privileges.

use squawk_syntax::ast::{self, AlterDomainAction, AlterIndexAction, AlterTypeAction, AstNode as _, Stmt};
use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::name::{name, spelled};
use super::{Kin, ObjectKind, Reading, StatementKind, Touch, alter_table, create};
use crate::sql::LockMode::{AccessExclusive, AccessShare, Share, ShareRowExclusive, ShareUpdateExclusive};

pub(super) fn read(reading: &mut Reading, statement: &Stmt) -> bool {
    if grant(reading, statement) {
        return true;
    }
    let altered = relation(reading, statement) || on_table(reading, statement) || plain(reading, statement);
    if altered {
        reading.kind(StatementKind::Define);
    }
    altered
}

fn relation(reading: &mut Reading, statement: &Stmt) -> bool {
    match statement {
        Stmt::AlterTable(alter) => {
            table(reading, alter.table_relation_name(), alter.actions());
            all_in_tablespace(reading, statement);
        }
        Stmt::AlterForeignTable(alter) => table(reading, alter.table_relation_name(), alter.actions()),
        Stmt::AlterMaterializedView(alter) => {
            materialized_view(reading, alter);
            all_in_tablespace(reading, statement);
        }
        Stmt::AlterIndex(alter) => {
            index(reading, alter);
            all_in_tablespace(reading, statement);
        }
        Stmt::AlterSequence(alter) => sequence(reading, alter),
        Stmt::AlterView(alter) => {
            reading.touches(Touch::new(ObjectKind::View, name(alter.view_ref()), AccessExclusive));
        }
        _ => return false,
    }
    true
}

fn table(
    reading: &mut Reading,
    relation: Option<ast::TableRelationName>,
    actions: impl Iterator<Item = ast::AlterTableAction>,
) {
    let Some(relation) = relation else { return };
    let only = relation.only_token().is_some();
    let table = name(relation.table_name_ref());
    alter_table::actions(reading, &table, ObjectKind::Table, only, actions);
}

/// What is no action of a table's is a new name or a new schema.
fn materialized_view(reading: &mut Reading, alter: &ast::AlterMaterializedView) {
    let Some(view) = alter.view_ref().map(|view| spelled(view.syntax())) else { return };
    let actions: Vec<_> = alter.syntax().children().filter_map(ast::AlterTableAction::cast).collect();
    if actions.is_empty() {
        reading.touches(Touch::new(ObjectKind::MaterializedView, view, AccessExclusive));
    } else {
        alter_table::actions(reading, &view, ObjectKind::MaterializedView, true, actions.into_iter());
    }
}

/// `alter table all in tablespace`: which ones, the catalog knows.
fn all_in_tablespace(reading: &mut Reading, statement: &Stmt) {
    if statement.syntax().children().any(|child| ast::AllInTablespace::can_cast(child.kind())) {
        reading.open();
    }
}

/// Renaming an index disturbs nobody from 12 on; `attach` also looks at both tables.
fn index(reading: &mut Reading, alter: &ast::AlterIndex) {
    let Some(index) = alter.index_ref() else { return };
    let touch = |mode| Touch::new(ObjectKind::Index, spelled(index.syntax()), mode);
    match alter.action() {
        Some(AlterIndexAction::AttachIndexPartition(attach)) => {
            let child = Touch::new(ObjectKind::Index, name(attach.index_ref()), AccessExclusive);
            reading.touches(touch(ShareUpdateExclusive).spreading(Kin::TableOfIndex, AccessShare));
            reading.touches(child.spreading(Kin::TableOfIndex, AccessShare));
        }
        Some(AlterIndexAction::SetTablespace(_)) => reading.touches(touch(AccessExclusive).rewriting()),
        Some(AlterIndexAction::DependsOnExtension(_) | AlterIndexAction::NoDependsOnExtension(_)) => {
            reading.touches(touch(AccessExclusive));
        }
        _ => reading.touches(touch(ShareUpdateExclusive)),
    }
}

fn sequence(reading: &mut Reading, alter: &ast::AlterSequence) {
    let as_relation = alter.actions().any(|action| {
        matches!(
            action,
            ast::AlterSequenceAction::OwnerTo(_)
                | ast::AlterSequenceAction::SequenceRenameTo(_)
                | ast::AlterSequenceAction::SetSchema(_)
                | ast::AlterSequenceAction::SetLogged(_)
                | ast::AlterSequenceAction::SetUnlogged(_)
        )
    });
    let mode = if as_relation { AccessExclusive } else { ShareRowExclusive };
    reading.touches(Touch::new(ObjectKind::Sequence, name(alter.sequence_ref()), mode));
}

fn on_table(reading: &mut Reading, statement: &Stmt) -> bool {
    let (table, mode) = match statement {
        Stmt::AlterTrigger(alter) => {
            (alter.on_relation().and_then(|on| on.relation_name_ref()).map(text), AccessExclusive)
        }
        Stmt::AlterRule(alter) => {
            (alter.on_relation().and_then(|on| on.relation_name_ref()).map(text), AccessExclusive)
        }
        Stmt::AlterPolicy(alter) => {
            (alter.on_table().and_then(|on| on.table_name_ref()).map(text), AccessExclusive)
        }
        Stmt::CommentOn(comment) => match commented(comment) {
            Some(table) => (Some(table), ShareUpdateExclusive),
            None => return true,
        },
        _ => return false,
    };
    reading.table(table.unwrap_or_default(), mode);
    true
}

fn text(node: impl ast::AstNode) -> String {
    spelled(node.syntax())
}

/// The relation that a comment is on, or on a column of which it is.
fn commented(comment: &ast::CommentOn) -> Option<String> {
    let object = comment.comment_object()?;
    let named = object.syntax().children().find(|child| child.children().next().is_some())?;
    match object {
        ast::CommentObject::ObjectTable(_)
        | ast::CommentObject::ObjectForeignTable(_)
        | ast::CommentObject::ObjectView(_)
        | ast::CommentObject::ObjectMaterializedView(_)
        | ast::CommentObject::ObjectSequence(_)
        | ast::CommentObject::ObjectIndex(_) => Some(spelled(&named)),
        ast::CommentObject::ObjectColumn(_) => {
            let qualified = spelled(&named);
            qualified.rsplit_once('.').map(|(table, _)| table.to_owned())
        }
        _ => None,
    }
}

fn plain(reading: &mut Reading, statement: &Stmt) -> bool {
    match statement {
        Stmt::AlterType(alter) => alter_type(reading, alter),
        Stmt::AlterDomain(alter) => domain(reading, alter),
        Stmt::AlterPublication(alter) => create::published(reading, alter.syntax()),
        Stmt::AlterSystem(_) => reading.forbidden(),
        Stmt::AlterDatabase(alter) => {
            if alter.syntax().children().any(|child| ast::SetTablespace::can_cast(child.kind())) {
                reading.forbidden();
            }
        }
        Stmt::AlterSubscription(alter) => {
            if alter.syntax().children().any(|child| child.kind() == SyntaxKind::REFRESH_PUBLICATION) {
                reading.forbidden();
            }
        }
        Stmt::AlterExtension(_) | Stmt::ImportForeignSchema(_) => reading.open(),
        Stmt::SecurityLabel(_) => {}
        other => return starts_with(other.syntax(), "alter"),
    }
    true
}

/// A new value of an enum goes into a transaction from 12 on. Attributes of a composite type are another matter: tables
/// that are made of the type change with it.
fn alter_type(reading: &mut Reading, alter: &ast::AlterType) {
    match alter.action() {
        Some(AlterTypeAction::AddValue(_)) if reading.major < 12 => reading.forbidden(),
        Some(AlterTypeAction::AlterTypeAttributeActionList(_)) => reading.open(),
        _ => {}
    }
}

/// A check on a domain reads every table that has a column of it.
fn domain(reading: &mut Reading, alter: &ast::AlterDomain) {
    let looks = match alter.action() {
        Some(AlterDomainAction::AddConstraint(add)) => {
            add.constraint().is_some_and(|constraint| !super::constraint::skips_validation(&constraint))
        }
        Some(AlterDomainAction::SetNotNull(_) | AlterDomainAction::ValidateConstraint(_)) => true,
        _ => false,
    };
    if looks {
        let touch = Touch::new(ObjectKind::Domain, name(alter.domain_ref()), AccessShare);
        reading.touches(touch.scanning().spreading(Kin::Dependants, Share));
    }
}

/// Privileges lock no table.
fn grant(reading: &mut Reading, statement: &Stmt) -> bool {
    let grants = matches!(
        statement,
        Stmt::Grant(_) | Stmt::Revoke(_) | Stmt::AlterDefaultPrivileges(_) | Stmt::Reassign(_)
    );
    if grants {
        reading.kind(StatementKind::Grant);
    }
    if matches!(statement, Stmt::Reassign(_)) {
        reading.open();
    }
    grants
}

fn starts_with(node: &SyntaxNode, word: &str) -> bool {
    node.first_token().is_some_and(|token| token.text().eq_ignore_ascii_case(word))
}
