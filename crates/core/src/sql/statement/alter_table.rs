//! `alter table`: each action has its own lock, and a statement takes the strongest of them from its start.

use squawk_syntax::ast::{self, AlterTableAction, AstNode as _, DetachPartitionOption};

use super::name::{name, spelled};
use super::{InTransaction, Kin, ObjectKind, Reading, Rename, Touch, column, constraint};
use crate::sql::LockMode::{AccessExclusive, AccessShare, RowShare, ShareRowExclusive, ShareUpdateExclusive};

/// The actions on one relation. `kind` is what it is: `alter foreign table` and `alter materialized view` go here too.
pub(super) fn actions(
    reading: &mut Reading,
    relation: &str,
    kind: ObjectKind,
    only: bool,
    actions: impl Iterator<Item = AlterTableAction>,
) {
    // First of all, so that it stands before what its actions refer to.
    let mut own = Touch::new(kind, relation.to_owned(), AccessShare);
    own.only = only;
    reading.touches(own);
    for action in actions {
        let mut touch = action_on(reading, &action, relation);
        (touch.kind, touch.only) = (kind, only);
        if !only {
            let mode = touch.mode;
            touch = touch.spreading(Kin::Children, mode);
        }
        reading.touches(touch);
    }
}

fn action_on(reading: &mut Reading, action: &AlterTableAction, table: &str) -> Touch {
    let plain = |mode| Touch::new(ObjectKind::Table, table.to_owned(), mode);
    match action {
        AlterTableAction::AddColumn(add) => column::added(reading, add, table),
        AlterTableAction::AlterColumn(alter) => column::altered(alter, table),
        AlterTableAction::AddConstraint(add) => match add.constraint() {
            Some(constraint) => constraint::added(reading, &constraint, table),
            None => plain(AccessExclusive),
        },
        AlterTableAction::DropColumn(drop) => {
            reading.drops(ObjectKind::Column, name(drop.column_name_ref()), Some(table));
            behind(reading, drop.syntax(), plain(AccessExclusive))
        }
        AlterTableAction::DropConstraint(drop) => {
            reading.drops(ObjectKind::Constraint, name(drop.constraint_name_ref()), Some(table));
            let touch = plain(AccessExclusive).spreading(Kin::Referenced, AccessExclusive);
            behind(reading, drop.syntax(), touch)
        }
        AlterTableAction::ValidateConstraint(_) => {
            // A foreign key is looked up in the table that it points to.
            plain(ShareUpdateExclusive).scanning().spreading(Kin::Referenced, RowShare)
        }
        AlterTableAction::AttachPartition(attach) => attached(reading, attach, plain(ShareUpdateExclusive)),
        AlterTableAction::DetachPartition(detach) => detached(reading, detach, table),
        AlterTableAction::InheritTable(inherit) => {
            reading.table(name(inherit.table_name_ref()), ShareUpdateExclusive);
            plain(AccessExclusive)
        }
        AlterTableAction::EnableTrigger(_)
        | AlterTableAction::EnableAlwaysTrigger(_)
        | AlterTableAction::EnableReplicaTrigger(_)
        | AlterTableAction::DisableTrigger(_) => plain(ShareRowExclusive),
        AlterTableAction::ClusterOn(_) | AlterTableAction::SetWithoutCluster(_) => {
            plain(ShareUpdateExclusive)
        }
        AlterTableAction::SetOptions(set) => plain(storage_options(set.syntax())),
        AlterTableAction::ResetOptions(reset) => plain(storage_options(reset.syntax())),
        AlterTableAction::SetLogged(_)
        | AlterTableAction::SetUnlogged(_)
        | AlterTableAction::SetTablespace(_)
        | AlterTableAction::SetAccessMethod(_) => plain(AccessExclusive).rewriting(),
        AlterTableAction::MergePartitions(merge) => {
            partitions(reading, merge.syntax(), plain(AccessExclusive))
        }
        AlterTableAction::SplitPartition(split) => {
            partitions(reading, split.syntax(), plain(AccessExclusive))
        }
        AlterTableAction::TableRenameTo(rename) => renamed(reading, rename, plain(AccessExclusive)),
        AlterTableAction::RenameColumn(rename) => {
            let (from, to) = (name(rename.column_name_ref()), name(rename.column_name()));
            let of_table = Some(table.to_owned());
            reading.effects.renames.push(Rename { kind: ObjectKind::Column, from, to, of_table });
            plain(AccessExclusive)
        }
        _ => plain(AccessExclusive),
    }
}

fn renamed(reading: &mut Reading, rename: &ast::TableRenameTo, touch: Touch) -> Touch {
    let (from, to) = (touch.relation.clone(), name(rename.table_name()));
    reading.effects.renames.push(Rename { kind: ObjectKind::Table, from, to, of_table: None });
    touch
}

/// `cascade` takes with it what the text does not name.
fn behind(reading: &mut Reading, action: &squawk_syntax::SyntaxNode, touch: Touch) -> Touch {
    if !action.children().any(|child| ast::Cascade::can_cast(child.kind())) {
        return touch;
    }
    reading.open();
    touch.spreading(Kin::Dependants, AccessExclusive)
}

/// The partition is read through, unless a check on it says already what the bounds say.
fn attached(reading: &mut Reading, attach: &ast::AttachPartition, parent: Touch) -> Touch {
    let partition = Touch::new(ObjectKind::Table, name(attach.table_name_ref()), AccessExclusive);
    reading.touches(partition.scanning());
    parent.spreading(Kin::DefaultPartition, AccessExclusive)
}

fn detached(reading: &mut Reading, detach: &ast::DetachPartition, table: &str) -> Touch {
    // Readers of the partition itself went on up to 13.
    let mode = if reading.major < 14 { ShareUpdateExclusive } else { AccessExclusive };
    let partition = Touch::new(ObjectKind::Table, name(detach.table_name_ref()), mode);
    let parent = |mode| Touch::new(ObjectKind::Table, table.to_owned(), mode);
    reading.touches(partition);
    match detach.detach_partition_option() {
        Some(DetachPartitionOption::DetachConcurrently(_)) => {
            reading.effects.transaction = InTransaction::Forbidden;
            parent(ShareUpdateExclusive)
        }
        Some(DetachPartitionOption::DetachFinalize(_)) => parent(ShareUpdateExclusive),
        None => parent(AccessExclusive).spreading(Kin::DefaultPartition, AccessExclusive),
    }
}

/// 19: the partitions that are merged or split are written into new ones.
fn partitions(reading: &mut Reading, action: &squawk_syntax::SyntaxNode, touch: Touch) -> Touch {
    for partition in action.descendants().filter_map(ast::TableNameRef::cast) {
        let partition = Touch::new(ObjectKind::Table, spelled(partition.syntax()), AccessExclusive);
        reading.touches(partition.rewriting());
    }
    touch
}

/// Most storage options are for vacuum and the planner; `user_catalog_table` is for everybody.
fn storage_options(options: &squawk_syntax::SyntaxNode) -> crate::sql::LockMode {
    let text = options.text().to_string().to_lowercase();
    if text.contains("user_catalog_table") { AccessExclusive } else { ShareUpdateExclusive }
}
