//! One table: what it is itself, and then its parts.

use super::difference::{Difference, DriftObject, DriftObjectKind, DriftSeverity};
use super::pair::Pair;
use super::{column, constraint, index, partition, policy, statistics, trigger};
use crate::catalog::fingerprint::{PartitionOf, Table};

pub(super) fn compare(pair: &Pair<'_>) -> Vec<Difference> {
    if pair.expected.kind == "m" && pair.actual.kind == "m" {
        // What a materialised view is of is compared as a view; its indexes and statistics are a table's.
        return index::compare(pair).into_iter().chain(statistics::compare(pair)).collect();
    }
    let mut found = Vec::new();
    found.extend(kind(pair));
    found.extend(parent(pair));
    found.extend(persistence(pair));
    found.extend(options(pair));
    found.extend(column::compare(pair));
    found.extend(constraint::compare(pair));
    found.extend(index::compare(pair));
    found.extend(trigger::compare(pair));
    found.extend(policy::compare(pair));
    found.extend(statistics::compare(pair));
    found
}

fn differs(pair: &Pair<'_>, expected: impl Into<String>, actual: impl Into<String>) -> Difference {
    Difference::differs(DriftObject::new(DriftObjectKind::Table, &pair.expected.name), expected, actual)
}

fn kind(pair: &Pair<'_>) -> Option<Difference> {
    if pair.is_twin() {
        return Some(partition::twin(pair));
    }
    let words = |table: &Table| match (&table.partition_key, table.kind.as_str()) {
        (Some(key), _) => format!("partitioned by {key}"),
        (None, "f") => "a foreign table".to_owned(),
        (None, "m") => "a materialised view".to_owned(),
        (None, _) => "a plain table".to_owned(),
    };
    let (expected, actual) = (words(pair.expected), words(pair.actual));
    (expected != actual).then(|| differs(pair, expected, actual).weighing(DriftSeverity::Broken))
}

/// The table that it is a partition or a child of.
fn parent(pair: &Pair<'_>) -> Option<Difference> {
    let words = |table: &Table| match &table.partition_of {
        None => "belongs to no other table".to_owned(),
        Some(PartitionOf { parent, bound: None }) => format!("inherits {parent}"),
        Some(PartitionOf { parent, bound: Some(bound) }) => format!("a partition of {parent}, {bound}"),
    };
    let (expected, actual) = (words(pair.expected), words(pair.actual));
    (expected != actual).then(|| differs(pair, expected, actual).weighing(DriftSeverity::Broken))
}

fn persistence(pair: &Pair<'_>) -> Option<Difference> {
    let (expected, actual) = (&pair.expected.persistence, &pair.actual.persistence);
    let words = |letter: &str| if letter == "u" { "unlogged" } else { "logged" };
    let set = |letter: &str| {
        let rewrites = "-- writes the table anew and lets nobody in meanwhile";
        vec![format!("{rewrites}\nalter table {} set {}", pair.quoted(), words(letter))]
    };
    (expected != actual).then(|| {
        differs(pair, words(expected), words(actual)).mend_database(set(expected)).mend_files(set(actual))
    })
}

fn options(pair: &Pair<'_>) -> Option<Difference> {
    let (expected, actual) = (&pair.expected.options, &pair.actual.options);
    if expected == actual || pair.is_twin() {
        return None;
    }
    let words =
        |options: &[String]| if options.is_empty() { "defaults".to_owned() } else { options.join(", ") };
    Some(
        differs(pair, words(expected), words(actual))
            .weighing(DriftSeverity::Note)
            .mend_database(set_options(pair, actual, expected))
            .mend_files(set_options(pair, expected, actual)),
    )
}

/// From one set of storage parameters to another.
fn set_options(pair: &Pair<'_>, from: &[String], to: &[String]) -> Vec<String> {
    let name = |option: &String| option.split_once('=').map_or(option.clone(), |(name, _)| name.to_owned());
    let kept: Vec<String> = to.iter().map(name).collect();
    let gone: Vec<String> = from.iter().map(name).filter(|name| !kept.contains(name)).collect();
    let new: Vec<String> = to.iter().filter(|option| !from.contains(option)).cloned().collect();
    let mut sql = Vec::new();
    if !gone.is_empty() {
        sql.push(format!("alter table {} reset ({})", pair.quoted(), gone.join(", ")));
    }
    if !new.is_empty() {
        sql.push(format!("alter table {} set ({})", pair.quoted(), new.join(", ")));
    }
    sql
}
