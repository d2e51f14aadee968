//! What an index can be made on, as SQL; and whether there is one already.

use crate::Ident;
use crate::query::explain::condition::{self, Comparison};
use crate::query::explain::facts::{Index, Table};

/// The keys that a filter compares with one value.
pub(super) fn equal_keys(filter: &str, table: &Table, alias: Option<&str>) -> Vec<String> {
    equal(&condition::comparisons(filter), table, alias)
}

pub(super) fn equal(comparisons: &[Comparison], table: &Table, alias: Option<&str>) -> Vec<String> {
    let equal = comparisons.iter().filter(|found| found.operator == "=");
    equal.filter_map(|found| key(&found.left, table, alias)).collect()
}

pub(super) fn is_on(index: &Index, column: &str) -> bool {
    let columns = index.columns.iter().flatten().flatten();
    index.valid && columns.into_iter().any(|of| of == column)
}

/// Whether the table has such an index: then the planner knows of it, and holds the scan for cheaper.
pub(super) fn is_there(table: &Table, keys: &[String]) -> bool {
    let bare = |text: &str| text.replace(['"', '(', ')', ' '], "").to_lowercase();
    let list = bare(&keys.join(","));
    table.indexes.iter().filter(|index| index.valid && !index.partial).any(|index| {
        let begins = index.definition.split_once('(').map(|(_, rest)| bare(rest)).unwrap_or_default();
        // It is read from either end.
        begins.starts_with(&list) || begins.replace("desc", "").starts_with(&list)
    })
}

/// A column that `@>` is asked of.
pub(super) fn contained(comparisons: &[Comparison], table: &Table, alias: Option<&str>) -> Option<String> {
    let asked = comparisons.iter().filter(|found| found.operator == "@>");
    asked
        .filter_map(|found| condition::column(&found.left, alias))
        .find(|column| table.column(column).is_some_and(|column| column.type_name == "jsonb"))
}

/// A column of the table, or an expression that an index can be made on.
pub(super) fn key(expression: &str, table: &Table, alias: Option<&str>) -> Option<String> {
    if let Some(column) = condition::column(expression, alias) {
        return table.column(&column).map(|column| Ident::new(&column.name).to_string());
    }
    if let Some(column) = relabelled(expression, table, alias) {
        return Some(column);
    }
    // Extracting from JSON and folding case are immutable; of anything else the text does not tell.
    let called = condition::call(expression);
    let folds = called.as_ref().is_some_and(|call| call.starts_with("lower(") || call.starts_with("upper("));
    let extracts = called.is_none() && expression.contains("->>");
    (folds || extracts).then(|| format!("({})", condition::without_alias(expression, alias)))
}

/// `(r.status)::text` of a varchar: it is compared as text, and an index on it serves all the same.
fn relabelled(expression: &str, table: &Table, alias: Option<&str>) -> Option<String> {
    let inside = condition::unwrapped(expression.strip_suffix("::text")?);
    let column = table.column(&condition::column(inside, alias)?)?;
    column.type_name.starts_with("character varying").then(|| Ident::new(&column.name).to_string())
}
