//! A table of the files beside the same table of the database.

use crate::catalog::fingerprint::{SchemaSnapshot, Table};
use crate::ident::Ident;

/// Both, and all else that the database has.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) expected: &'a Table,
    pub(super) actual: &'a Table,
    pub(super) database: &'a SchemaSnapshot,
}

impl<'a> Pair<'a> {
    /// The table's name, for statements.
    pub(super) fn quoted(&self) -> String {
        self.actual.name.quoted()
    }

    /// Whether the database has partitioned what the files make plain.
    pub(super) fn is_twin(&self) -> bool {
        self.expected.partition_key.is_none() && self.actual.partition_key.is_some()
    }

    /// The columns that the database's table is partitioned by; none where an expression is among them.
    pub(super) fn partition_columns(&self) -> Vec<&'a str> {
        self.actual.partition_columns()
    }

    /// The direct partitions of the database's table.
    pub(super) fn partitions(&self) -> Vec<&'a Table> {
        let of = |table: &&Table| table.partition_of.as_ref().is_some_and(|of| of.parent == self.actual.name);
        self.database.tables.iter().filter(of).collect()
    }

    /// Whether `actual` is `expected` with the partition key added, as keys of a partitioned table must be.
    pub(super) fn has_partition_key_added(&self, expected: &[String], actual: &[String]) -> bool {
        let key = self.partition_columns();
        self.is_twin()
            && !key.is_empty()
            && actual.len() > expected.len()
            && expected.iter().all(|column| actual.contains(column))
            && actual.iter().all(|column| expected.contains(column) || key.contains(&column.as_str()))
    }
}

impl Table {
    /// The columns it is partitioned by; none where an expression is among them.
    pub(super) fn partition_columns(&self) -> Vec<&str> {
        let Some(key) = self.partition_key.as_deref() else { return Vec::new() };
        let inside =
            key.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).map_or("", |(inside, _)| inside);
        let named = |part: &str| {
            let named = |name: &str| part == name || part == Ident::new(name).to_string();
            self.columns.iter().find(|column| named(&column.name)).map(|column| column.name.as_str())
        };
        inside.split(',').map(|part| named(part.trim())).collect::<Option<Vec<_>>>().unwrap_or_default()
    }
}
