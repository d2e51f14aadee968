//! Indexes: built and dropped while others write; on a partitioned table partition by partition.

use super::super::pair::Pair;
use super::super::partition::coverage;
use super::quoted;
use crate::catalog::fingerprint::{Index, Table};

/// The statement that makes an index on a table; `how` is "concurrently" or nothing.
pub(in super::super) fn index_sql(index: &Index, table: &str, how: &str) -> String {
    statement(&index.name, index, table, how)
}

fn statement(name: &str, index: &Index, table: &str, how: &str) -> String {
    let unique = if index.unique { "unique " } else { "" };
    let how = if how.is_empty() { String::new() } else { format!("{how} ") };
    let definition = index.definition();
    let definition = definition.strip_prefix("unique ").unwrap_or(&definition);
    format!("create {unique}index {how}{} on {table} using {definition}", quoted(name))
}

pub(in super::super) fn create_index(pair: &Pair<'_>, index: &Index) -> Vec<String> {
    if pair.actual.partition_key.is_none() {
        return vec![index_sql(index, &pair.quoted(), "concurrently")];
    }
    let parent = statement(&index.name, index, &format!("only {}", pair.quoted()), "");
    let mut sql =
        vec![format!("-- on the parent alone: it becomes valid with the last partition's\n{parent}")];
    sql.extend(attach_indexes(pair, index));
    sql
}

/// For each partition: its own index built without stopping writers, then attached to the parent's.
pub(in super::super) fn attach_indexes(pair: &Pair<'_>, index: &Index) -> Vec<String> {
    let covered = coverage(pair, index);
    let parent = pair.actual.name.sibling(&index.name).quoted();
    let attach = |table: &Table, name: &str| {
        format!("alter index {parent} attach partition {}", table.name.sibling(name).quoted())
    };
    let mut sql = Vec::new();
    for table in covered.without.iter().filter(|table| !is_attached(table)) {
        let name = shortened(&format!("{}_{}", table.name.name, index.name));
        let how = if table.partition_key.is_some() { "" } else { "concurrently" };
        sql.push(statement(&name, index, &table.name.quoted(), how));
        sql.push(attach(table, &name));
    }
    sql.extend(covered.with.iter().map(|(table, own)| attach(table, &own.name)));
    sql
}

/// A foreign table as a partition has no index.
fn is_attached(table: &Table) -> bool {
    table.kind == "f"
}

/// PostgreSQL cuts names at 63 bytes; two that are cut alike would clash, so the end is kept.
fn shortened(name: &str) -> String {
    let mut from = name.len().saturating_sub(63);
    while !name.is_char_boundary(from) {
        from += 1;
    }
    name[from..].to_owned()
}

pub(in super::super) fn drop_index(pair: &Pair<'_>, index: &Index) -> Vec<String> {
    let name = pair.actual.name.sibling(&index.name).quoted();
    // An index of a partitioned table cannot be dropped concurrently; it goes with those of its partitions.
    let sql = if index.on_partitioned || pair.actual.partition_key.is_some() {
        format!(
            "-- lets nobody in for a moment, and takes the indexes of the partitions along\ndrop index {name}"
        )
    } else {
        format!("drop index concurrently {name}")
    };
    vec![sql]
}

pub(in super::super) fn rebuild_index(pair: &Pair<'_>, index: &Index) -> String {
    format!("reindex index concurrently {}", pair.actual.name.sibling(&index.name).quoted())
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_long_name_keeps_its_end() {
        let name = format!("{}_index_on_created_at", "é".repeat(40));
        assert!(shortened(&name).len() <= 63 && shortened(&name).ends_with("_index_on_created_at"));
        assert_eq!(shortened("short"), "short");
    }
}
