//! The words for a lock: who waits, for how long, and what is gone afterwards.

use crate::sql::LockMode;
use crate::sql::statement::{Effects, Object, ObjectKind, StatementKind, Touch};

/// Who waits for the strongest lock of a statement.
pub(super) fn consequence(effects: &Effects, touches: &[&Touch], mode: LockMode) -> String {
    let waiting = waits(effects, touches, mode);
    match gone(effects) {
        Some(gone) => format!("{waiting}; {gone}"),
        None => waiting,
    }
}

fn waits(effects: &Effects, touches: &[&Touch], mode: LockMode) -> String {
    let held: Vec<_> = touches.iter().filter(|touch| touch.mode == mode).collect();
    let rebuilds_index = |touch: &Touch| touch.kind == ObjectKind::Index && touch.rewrites;
    let reindexes = effects.kind == StatementKind::Maintain && mode == LockMode::Share;
    let during = if held.iter().any(|touch| touch.rewrites) {
        " while the table is written anew"
    } else if held.iter().any(|touch| touch.scans) {
        " while every row is checked"
    } else {
        ""
    };
    match mode {
        _ if effects.every_table.is_some() => format!("{}, one table after the other", who(mode)),
        LockMode::AccessExclusive if held.iter().any(|touch| rebuilds_index(touch)) => {
            "writes to its table wait, and so do reads that the index could serve".to_owned()
        }
        LockMode::AccessExclusive => format!("reads and writes wait{during}"),
        LockMode::Share if reindexes => {
            "every write waits, and so do reads that the index could serve".to_owned()
        }
        LockMode::RowExclusive => "reads and writes go on; writes to the same rows wait".to_owned(),
        mode if mode.blocks_writes() => match held.len() {
            1 => "every write waits".to_owned(),
            several => format!("writes to {several} tables wait"),
        },
        _ => "reads and writes go on".to_owned(),
    }
}

fn who(mode: LockMode) -> &'static str {
    match mode {
        mode if mode.blocks_reads() => "reads and writes wait",
        mode if mode.blocks_writes() => "every write waits",
        _ => "reads and writes go on",
    }
}

/// What nobody gets back.
fn gone(effects: &Effects) -> Option<&'static str> {
    let drops = |kind| effects.drops.iter().any(|object: &Object| object.kind == kind);
    if drops(ObjectKind::Table) {
        Some("the rows are gone for good")
    } else if drops(ObjectKind::Column) {
        Some("the column's values are gone for good")
    } else if effects.truncates {
        Some("every row is gone for good")
    } else {
        None
    }
}

/// Words for a statement that keeps nobody waiting.
pub(super) fn harmless(effects: &Effects) -> &'static str {
    let makes = |kind| effects.creates.iter().any(|object| object.kind == kind);
    match effects.kind {
        StatementKind::Define if makes(ObjectKind::Table) => "new table, nobody waits",
        StatementKind::Define if !effects.creates.is_empty() => "a new object, nobody waits",
        _ => "reads and writes go on",
    }
}
