//! Columns, by their names: there or not, type, collation, NOT NULL, order.

use super::difference::{Difference, DriftObject, DriftObjectKind, DriftSeverity};
use super::pair::Pair;
use super::{column_value, sql};
use crate::catalog::fingerprint::{Column, Table};

pub(super) fn compare(pair: &Pair<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    for column in &pair.expected.columns {
        match pair.actual.column(&column.name) {
            None => found.push(missing(pair, column)),
            Some(there) => found.extend(parts(pair, column, there)),
        }
    }
    let extra = pair.actual.columns.iter().filter(|column| pair.expected.column(&column.name).is_none());
    found.extend(extra.map(|column| extra_column(pair, column)));
    found.extend(order(pair));
    found
}

fn parts(pair: &Pair<'_>, ours: &Column, theirs: &Column) -> Vec<Difference> {
    let parts = [
        type_name(pair, ours, theirs),
        collation(pair, ours, theirs),
        not_null(pair, ours, theirs),
        column_value::compare(pair, ours, theirs),
    ];
    parts.into_iter().flatten().collect()
}

pub(super) fn object(pair: &Pair<'_>, column: &Column) -> DriftObject {
    DriftObject::of(&pair.expected.name, DriftObjectKind::Column, &column.name)
}

fn missing(pair: &Pair<'_>, column: &Column) -> Difference {
    Difference::missing(object(pair, column), column.definition())
        .weighing(DriftSeverity::Broken)
        .mend_database(sql::add_column(pair, column))
        .mend_files(sql::drop_column(pair, column))
}

fn extra_column(pair: &Pair<'_>, column: &Column) -> Difference {
    let found = Difference::extra(object(pair, column), column.definition())
        .mend_database(sql::drop_column(pair, column))
        .mend_files(sql::add_column(pair, column));
    if column.not_null && column.value_in_words().is_none() {
        return found.weighing(DriftSeverity::Broken).noting("whoever inserts without naming it fails");
    }
    found
}

fn type_name(pair: &Pair<'_>, ours: &Column, theirs: &Column) -> Option<Difference> {
    if ours.type_name == theirs.type_name {
        return None;
    }
    let found = Difference::differs(object(pair, ours), &ours.type_name, &theirs.type_name);
    if at_full_precision(&ours.type_name) == at_full_precision(&theirs.type_name) {
        let why = "microseconds are what a timestamp holds anyway: with precision 6 it holds the same values";
        return Some(found.equivalent(why));
    }
    let base = |name: &str| name.split('(').next().unwrap_or_default().to_owned();
    let severity = if base(&ours.type_name) == base(&theirs.type_name) {
        DriftSeverity::Attention
    } else {
        DriftSeverity::Broken
    };
    Some(
        found
            .weighing(severity)
            .mend_database(sql::set_type(pair, ours))
            .mend_files(sql::set_type(pair, theirs)),
    )
}

/// "timestamp(6) without time zone" is "timestamp without time zone".
fn at_full_precision(type_name: &str) -> String {
    let timed = type_name.starts_with("timestamp") || type_name.starts_with("time");
    if timed { type_name.replacen("(6)", "", 1) } else { type_name.to_owned() }
}

fn collation(pair: &Pair<'_>, ours: &Column, theirs: &Column) -> Option<Difference> {
    let words =
        |column: &Column| column.collation.clone().unwrap_or_else(|| "the database's own order".to_owned());
    (ours.collation != theirs.collation).then(|| {
        Difference::differs(object(pair, ours), words(ours), words(theirs))
            .mend_database(sql::set_type(pair, ours))
            .mend_files(sql::set_type(pair, theirs))
    })
}

fn not_null(pair: &Pair<'_>, ours: &Column, theirs: &Column) -> Option<Difference> {
    let words = |column: &Column| match (column.not_null, column.unchecked_not_null.is_none()) {
        (false, _) => "takes NULL",
        (true, true) => "not null",
        (true, false) => "not null, not checked against its rows",
    };
    if words(ours) == words(theirs) {
        return None;
    }
    let found = Difference::differs(object(pair, ours), words(ours), words(theirs));
    if theirs.not_null && pair.is_twin() && pair.partition_columns().contains(&ours.name.as_str()) {
        return Some(found.equivalent("the key of a partitioned table holds it, and keys take no NULL"));
    }
    Some(
        found
            .weighing(if ours.not_null { DriftSeverity::Attention } else { DriftSeverity::Broken })
            .mend_database(sql::set_not_null(pair, ours, theirs))
            .mend_files(sql::set_not_null(pair, theirs, ours)),
    )
}

/// Only where both have the same columns: with one more or less the rest has moved anyway.
fn order(pair: &Pair<'_>) -> Option<Difference> {
    let names = |table: &Table, other: &Table| -> Vec<String> {
        let common = table.columns.iter().filter(|column| other.column(&column.name).is_some());
        common.map(|column| column.name.clone()).collect()
    };
    let (ours, theirs) = (names(pair.expected, pair.actual), names(pair.actual, pair.expected));
    let object = DriftObject::new(DriftObjectKind::Table, &pair.expected.name);
    (ours != theirs).then(|| {
        Difference::differs(object, ours.join(", "), theirs.join(", ")).equivalent(
            "the order of columns matters only to statements that name none, and cannot be changed",
        )
    })
}
