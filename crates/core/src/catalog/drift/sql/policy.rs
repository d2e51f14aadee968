//! Policies of row security.

use super::quoted;
use crate::catalog::fingerprint::{Policy, Table};

pub(in super::super) fn create_policy(table: &Table, policy: &Policy) -> String {
    format!("create policy {} on {} {}", quoted(&policy.name), table.name.quoted(), policy.definition())
}

pub(in super::super) fn drop_policy(table: &Table, policy: &Policy) -> String {
    format!("drop policy {} on {}", quoted(&policy.name), table.name.quoted())
}

/// In one statement where the server can; between two, whoever it let in sees nothing.
pub(in super::super) fn change_policy(table: &Table, from: &Policy, to: &Policy) -> Vec<String> {
    let loses = |before: &Option<String>, after: &Option<String>| before.is_some() && after.is_none();
    let other = from.permissive != to.permissive || from.command != to.command;
    if other || loses(&from.sees, &to.sees) || loses(&from.writes, &to.writes) {
        let drop = format!(
            "-- run both in one transaction: in between nobody is let in\n{}",
            drop_policy(table, from)
        );
        return vec![drop, create_policy(table, to)];
    }
    vec![format!("alter policy {} on {} {}", quoted(&to.name), table.name.quoted(), to.changeable())]
}
