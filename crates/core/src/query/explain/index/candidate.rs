//! An index that might help: what it is of, and how large it would be.

use crate::QualifiedName;
use crate::query::explain::facts::Table;
use crate::query::explain::plan::ExplainNode;
use crate::query::explain::report::{ExplainIndex, ExplainIndexCheck, ExplainPurpose};

/// An index that might help.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::query::explain) struct Candidate {
    pub(super) node: u32,
    /// The part of the whole that it is about.
    pub(super) weight: f64,
    pub(super) table: QualifiedName,
    pub(super) method: &'static str,
    /// Its keys as SQL.
    pub(super) keys: Vec<String>,
    /// What its rows have in common, as SQL.
    predicate: Option<String>,
    purpose: ExplainPurpose,
    /// Whether it is for the rewritten statement.
    pub(super) rewritten: bool,
    why: String,
    /// A guess from the statistics.
    bytes: Option<u64>,
}

/// A b-tree of the whole table.
pub(super) fn candidate(
    node: &ExplainNode,
    table: &Table,
    keys: Vec<String>,
    purpose: ExplainPurpose,
    why: String,
) -> Candidate {
    let bytes = table.rows.and_then(|rows| size(table, &keys, rows));
    Candidate {
        node: node.id,
        weight: node.share(),
        table: table.qualified(),
        method: "btree",
        keys,
        predicate: None,
        purpose,
        rewritten: false,
        why,
        bytes,
    }
}

/// Entries of a b-tree: the values, aligned, a header and a pointer, in pages that are nine tenths full.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn size(table: &Table, keys: &[String], rows: f64) -> Option<u64> {
    let width = |key: &String| {
        let column = table.column_of(key)?;
        column.average_width.or_else(|| (column.width > 0).then_some(column.width))
    };
    let widths: i64 = keys.iter().map(width).sum::<Option<i64>>()?;
    let entry = (widths + 7) / 8 * 8 + 12;
    Some((rows * entry as f64 / 0.9) as u64)
}

impl Candidate {
    /// An inverted one; how large it gets nobody can tell.
    pub(super) fn gin(mut self) -> Self {
        (self.method, self.bytes) = ("gin", None);
        self
    }

    /// With what it spares besides the scan.
    pub(super) fn heavier(mut self, share: f64) -> Self {
        self.weight += share;
        self
    }

    /// With what it spares instead of the scan.
    pub(super) fn weighing(mut self, share: f64) -> Self {
        self.weight = share;
        self
    }

    /// Of some rows alone, with how many they are.
    pub(super) fn partial(mut self, table: &Table, predicate: String, rows: f64) -> Self {
        self.bytes = size(table, &self.keys, rows);
        self.predicate = Some(predicate);
        self
    }

    /// For the rewritten statement; the node is the statement's own.
    pub(super) fn after_rewrite(mut self, node: u32) -> Self {
        (self.node, self.rewritten) = (node, true);
        self
    }

    /// `create index`, as HypoPG takes it.
    pub(super) fn sql(&self, concurrently: bool) -> String {
        let how = if concurrently { " concurrently" } else { "" };
        let rows = self.predicate.as_ref().map(|rows| format!(" where {rows}")).unwrap_or_default();
        format!("create index{how} on {} using {} ({}){rows}", self.table, self.method, self.keys.join(", "))
    }

    pub(super) fn unchecked(self, why: &str) -> ExplainIndex {
        let bytes = self.bytes;
        self.found(bytes, ExplainIndexCheck::NotChecked { why: why.to_owned() })
    }

    pub(super) fn found(self, bytes: Option<u64>, check: ExplainIndexCheck) -> ExplainIndex {
        let sql = format!("{};", self.sql(true));
        ExplainIndex {
            node: self.node,
            purpose: self.purpose,
            rewritten: self.rewritten,
            why: self.why,
            sql,
            bytes,
            check,
        }
    }
}
