//! Keys, checks and exclusions, by what they say and not by name. Foreign keys have a file of their own.

use super::difference::{Difference, DriftObject, DriftObjectKind, DriftSeverity};
use super::pair::Pair;
use super::{foreign_key, partition, sql};
use crate::catalog::fingerprint::Constraint;

pub(super) fn compare(pair: &Pair<'_>) -> Vec<Difference> {
    let (mut ours, mut theirs, mut found) =
        (Vec::new(), pair.actual.constraints.iter().collect::<Vec<_>>(), Vec::new());
    for constraint in &pair.expected.constraints {
        match theirs
            .iter()
            .position(|it| it.kind == constraint.kind && it.definition == constraint.definition)
        {
            Some(at) => found.extend(validity(pair, constraint, theirs.remove(at))),
            None => ours.push(constraint),
        }
    }
    for constraint in ours {
        let other = theirs.iter().position(|it| is_counterpart(constraint, it));
        found.extend(match other {
            Some(at) => Some(differs(pair, constraint, theirs.remove(at))),
            None => missing(pair, constraint),
        });
    }
    found.extend(theirs.into_iter().filter_map(|constraint| extra(pair, constraint)));
    found
}

/// Whether one stands in the other's place: a table has one primary key, and a foreign key goes by its columns.
fn is_counterpart(ours: &Constraint, theirs: &Constraint) -> bool {
    match (ours.kind.as_str(), theirs.kind.as_str()) {
        ("p", "p") => true,
        ("f", "f") => ours.columns == theirs.columns && ours.target == theirs.target,
        ("u", "u") => ours.columns.iter().all(|column| theirs.columns.contains(column)),
        ("c", "c") => ours.name == theirs.name,
        _ => false,
    }
}

pub(super) fn object(pair: &Pair<'_>, constraint: &Constraint) -> DriftObject {
    DriftObject::of(&pair.expected.name, DriftObjectKind::Constraint, &constraint.name)
}

fn differs(pair: &Pair<'_>, ours: &Constraint, theirs: &Constraint) -> Difference {
    let keys = ["p", "u"].contains(&ours.kind.as_str());
    if keys && pair.has_partition_key_added(&ours.columns, &theirs.columns) {
        return partition::wider_key(pair, object(pair, theirs), &ours.definition, &theirs.definition);
    }
    let severity = if ours.kind == "p" { DriftSeverity::Broken } else { DriftSeverity::Attention };
    Difference::differs(object(pair, theirs), &ours.definition, &theirs.definition)
        .weighing(severity)
        .mend_database(sql::exchange_constraint(pair, theirs, ours))
        .mend_files(sql::exchange_constraint(pair, ours, theirs))
}

fn missing(pair: &Pair<'_>, constraint: &Constraint) -> Option<Difference> {
    match constraint.kind.as_str() {
        "f" => return Some(foreign_key::missing(pair, constraint)),
        "u" if unique_index(pair, constraint) => {
            let found = Difference::missing(object(pair, constraint), &constraint.definition);
            return Some(found.equivalent("a unique index on the same columns forbids the same rows"));
        }
        "u" if pair.is_twin() => return Some(wider_index(pair, constraint)),
        _ => {}
    }
    let severity = if constraint.kind == "p" { DriftSeverity::Broken } else { DriftSeverity::Attention };
    Some(
        Difference::missing(object(pair, constraint), &constraint.definition)
            .weighing(severity)
            .mend_database(sql::add_constraint(pair, constraint))
            .mend_files(sql::drop_constraint(pair, constraint)),
    )
}

fn unique_index(pair: &Pair<'_>, constraint: &Constraint) -> bool {
    pair.actual.indexes.iter().any(|index| {
        index.unique
            && index.valid
            && index.predicate.is_none()
            && index.of_constraint.is_none()
            && index.keys == constraint.columns
    })
}

fn wider_index(pair: &Pair<'_>, constraint: &Constraint) -> Difference {
    let wider = pair
        .actual
        .indexes
        .iter()
        .find(|index| index.unique && pair.has_partition_key_added(&constraint.columns, &index.keys));
    let object = object(pair, constraint);
    match wider {
        Some(index) => partition::wider_key(pair, object, &constraint.definition, &index.definition()),
        None => Difference::missing(object, &constraint.definition).noting(
            "a unique key of a partitioned table must hold the partition key: it can only be had together with that",
        ),
    }
}

fn extra(pair: &Pair<'_>, constraint: &Constraint) -> Option<Difference> {
    let found = Difference::extra(object(pair, constraint), &constraint.definition);
    let as_index = pair.expected.indexes.iter().any(|index| {
        constraint.kind == "u"
            && index.unique
            && index.predicate.is_none()
            && index.keys == constraint.columns
    });
    if as_index {
        // The index that the files make instead is told as missing, and as equivalent, by its own comparison.
        return None;
    }
    Some(
        found
            .mend_database(sql::drop_constraint(pair, constraint))
            .mend_files(sql::add_constraint(pair, constraint)),
    )
}

fn validity(pair: &Pair<'_>, ours: &Constraint, theirs: &Constraint) -> Option<Difference> {
    if ours.valid == theirs.valid {
        return None;
    }
    let words =
        |valid: bool| if valid { "every row was checked" } else { "not valid: older rows were not checked" };
    let found = Difference::differs(object(pair, theirs), words(ours.valid), words(theirs.valid));
    Some(match ours.valid {
        true => found.mend_database([sql::validate(pair, theirs)]),
        false => found.weighing(DriftSeverity::Note).mend_files([sql::validate(pair, theirs)]),
    })
}
