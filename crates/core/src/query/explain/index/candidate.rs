//! Which indexes are worth asking about.

use super::order::for_order;
use crate::query::explain::condition::{self, Comparison};
use crate::query::explain::facts::{Column, Index, Table};
use crate::query::explain::plan::ExplainNode;
use crate::query::explain::report::{ExplainIndex, ExplainIndexCheck};
use crate::query::explain::warning::Evidence;
use crate::{Ident, QualifiedName};

/// More than these are noise.
const AT_MOST: usize = 3;
/// An index pays where so much of the table is not wanted.
const THROWN_AWAY: f64 = 0.9;

/// An index that might help.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::query::explain) struct Candidate {
    node: u32,
    weight: f64,
    table: QualifiedName,
    pub(super) method: &'static str,
    /// Its keys as SQL.
    keys: Vec<String>,
    why: String,
    /// A guess from the statistics.
    bytes: Option<u64>,
}

/// The indexes to ask about, for the heaviest scans first.
pub(in crate::query::explain) fn candidates(evidence: &Evidence<'_>) -> Vec<Candidate> {
    let scans = evidence.large_scans().filter(|(node, _)| !evidence.is_rewritten(node));
    let filtered = scans.filter(|(node, table)| is_selective(node, table));
    let mut found: Vec<Candidate> =
        evidence.large_scans().filter_map(|(node, table)| for_order(evidence, node, table)).collect();
    for (node, table) in filtered {
        // One that serves the order as well serves the filter.
        let served = |candidate: &Candidate, keys: &[String]| {
            candidate.node == node.id && candidate.keys.starts_with(keys)
        };
        let wanted =
            for_filter(node, table).filter(|one| !found.iter().any(|known| served(known, &one.keys)));
        found.extend(wanted);
    }
    found.extend(evidence.large_scans().filter_map(|(node, table)| for_join(evidence, node, table)));
    found.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    found.dedup_by(|one, other| one.table == other.table && one.keys == other.keys);
    found.truncate(AT_MOST);
    found
}

fn is_selective(node: &ExplainNode, table: &Table) -> bool {
    match &node.measured {
        Some(measured) => {
            let removed = measured.removed.unwrap_or_default();
            removed > 0.0 && removed >= (removed + measured.rows) * THROWN_AWAY
        }
        None => table.rows.is_some_and(|rows| node.guess <= rows * (1.0 - THROWN_AWAY)),
    }
}

fn for_filter(node: &ExplainNode, table: &Table) -> Option<Candidate> {
    let comparisons = condition::comparisons(node.condition("Filter")?);
    let alias = node.alias.as_deref();
    if let Some(column) = contained(&comparisons, table, alias) {
        let keys = vec![format!("{} jsonb_path_ops", Ident::new(&column))];
        let there = table.indexes.iter().any(|index| index.method == "gin" && is_on(index, &column));
        return (!there).then(|| candidate(node, table, "gin", keys, format!("For {column} @> …")));
    }
    let mut keys = equal(&comparisons, table, alias);
    let ranges = comparisons.iter().filter(|found| ["<", ">", "<=", ">="].contains(&found.operator.as_str()));
    keys.extend(ranges.filter_map(|found| key(&found.left, table, alias)).next());
    keys.dedup();
    let wanted = !keys.is_empty() && !is_there(table, &keys);
    wanted.then(|| candidate(node, table, "btree", keys, "For the filter".to_owned()))
}

/// The keys that a filter compares with one value.
pub(super) fn equal_keys(filter: &str, table: &Table, alias: Option<&str>) -> Vec<String> {
    equal(&condition::comparisons(filter), table, alias)
}

fn equal(comparisons: &[Comparison], table: &Table, alias: Option<&str>) -> Vec<String> {
    let equal = comparisons.iter().filter(|found| found.operator == "=");
    equal.filter_map(|found| key(&found.left, table, alias)).collect()
}

fn is_on(index: &Index, column: &str) -> bool {
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
fn contained(comparisons: &[Comparison], table: &Table, alias: Option<&str>) -> Option<String> {
    let asked = comparisons.iter().filter(|found| found.operator == "@>");
    asked
        .filter_map(|found| condition::column(&found.left, alias))
        .find(|column| table.column(column).is_some_and(|column| column.type_name == "jsonb"))
}

/// The inner side of a nested loop, read whole for every row of the outer.
fn for_join(evidence: &Evidence<'_>, node: &ExplainNode, table: &Table) -> Option<Candidate> {
    let mut join = evidence.plan.parent(node)?;
    if join.kind == "Materialize" {
        join = evidence.plan.parent(join)?;
    }
    let comparisons = condition::comparisons(join.condition("Join Filter")?);
    let alias = node.alias.as_deref();
    let sides = comparisons.iter().filter(|found| found.operator == "=");
    let own =
        |side: &str| key(side, table, alias).filter(|_| alias.is_some_and(|alias| side.starts_with(alias)));
    let keys: Vec<String> =
        sides.filter_map(|found| own(&found.left).or_else(|| own(&found.right))).collect();
    (join.kind == "Nested Loop" && !keys.is_empty() && !is_there(table, &keys))
        .then(|| candidate(node, table, "btree", keys, "For the join".to_owned()))
}

/// A column of the table, or an expression that an index can be made on.
fn key(expression: &str, table: &Table, alias: Option<&str>) -> Option<String> {
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

pub(super) fn candidate(
    node: &ExplainNode,
    table: &Table,
    method: &'static str,
    keys: Vec<String>,
    why: String,
) -> Candidate {
    let bytes = if method == "btree" { size(table, &keys) } else { None };
    Candidate { node: node.id, weight: node.share(), table: table.qualified(), method, keys, why, bytes }
}

/// Entries of a b-tree: the values, aligned, a header and a pointer, in pages that are nine tenths full.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn size(table: &Table, keys: &[String]) -> Option<u64> {
    let width = |key: &String| {
        let name = |column: &Column| Ident::new(&column.name).to_string();
        let column = table.columns.iter().find(|column| {
            key.strip_prefix(&name(column)).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })?;
        column.average_width.or_else(|| (column.width > 0).then_some(column.width))
    };
    let widths: i64 = keys.iter().map(width).sum::<Option<i64>>()?;
    let entry = (widths + 7) / 8 * 8 + 12;
    Some((table.rows? * entry as f64 / 0.9) as u64)
}

impl Candidate {
    pub(super) fn keys(&self) -> &[String] {
        &self.keys
    }

    /// With what it spares besides the scan.
    pub(super) fn heavier(mut self, share: f64) -> Self {
        self.weight += share;
        self
    }

    /// `create index`, as HypoPG takes it.
    pub(super) fn sql(&self, concurrently: bool) -> String {
        let how = if concurrently { " concurrently" } else { "" };
        format!("create index{how} on {} using {} ({})", self.table, self.method, self.keys.join(", "))
    }

    pub(super) fn unchecked(self, why: &str) -> ExplainIndex {
        let bytes = self.bytes;
        self.found(bytes, ExplainIndexCheck::NotChecked { why: why.to_owned() })
    }

    pub(super) fn found(self, bytes: Option<u64>, check: ExplainIndexCheck) -> ExplainIndex {
        let sql = format!("{};", self.sql(true));
        ExplainIndex { node: self.node, why: self.why, sql, bytes, check }
    }
}
