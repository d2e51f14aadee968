//! Extended statistics: they are filled by the next analyze.

use crate::catalog::fingerprint::{Statistics, Table};
use crate::ident::QualifiedName;

/// Beside its table, unless it was made elsewhere.
fn name(table: &Table, it: &Statistics) -> String {
    match &it.elsewhere {
        Some(schema) => QualifiedName::new(schema, &it.name).to_string(),
        None => table.name.sibling(&it.name).quoted(),
    }
}

pub(in super::super) fn create_statistics(table: &Table, it: &Statistics) -> Vec<String> {
    let create =
        format!("create statistics {} {} from {}", name(table, it), it.definition, table.name.quoted());
    let target = it.target.map(|_| set_target(table, it, it.target));
    std::iter::once(create).chain(target).collect()
}

/// They go with a column of theirs, which may have been dropped before.
pub(in super::super) fn drop_statistics(table: &Table, it: &Statistics) -> String {
    format!("drop statistics if exists {}", name(table, it))
}

/// -1 is the target of the columns.
pub(in super::super) fn set_target(table: &Table, it: &Statistics, target: Option<i32>) -> String {
    format!("alter statistics {} set statistics {}", name(table, it), target.unwrap_or(-1))
}
