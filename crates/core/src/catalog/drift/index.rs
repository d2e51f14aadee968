//! Indexes by what they are: the guide, Rails and PostgreSQL name the same one differently.

use super::difference::{Difference, DriftObject, DriftObjectKind, DriftSeverity};
use super::pair::Pair;
use super::{partition, rails, sql};
use crate::catalog::fingerprint::{Index, Table};

pub(super) fn compare(pair: &Pair<'_>) -> Vec<Difference> {
    let (mut theirs, mut left, mut found) = (own(pair.actual), Vec::new(), Vec::new());
    for index in own(pair.expected) {
        match best(&theirs, index) {
            Some(at) => found.extend(validity(pair, index, theirs.remove(at))),
            None => left.push(index),
        }
    }
    for index in left {
        let wider = theirs
            .iter()
            .position(|it| index.unique && it.unique && pair.has_partition_key_added(&index.keys, &it.keys));
        found.push(match wider {
            Some(at) => {
                let other = theirs.remove(at);
                partition::wider_key(pair, object(pair, other), &index.definition(), &other.definition())
            }
            None => missing(pair, index),
        });
    }
    found.extend(theirs.into_iter().filter_map(|index| extra(pair, index)));
    found
}

/// The indexes that are none of a constraint's.
fn own(table: &Table) -> Vec<&Index> {
    table.indexes.iter().filter(|index| index.of_constraint.is_none()).collect()
}

/// One of the same definition; a valid one before one that a broken build left behind.
fn best(theirs: &[&Index], wanted: &Index) -> Option<usize> {
    let same = |index: &&Index| index.definition() == wanted.definition();
    theirs.iter().position(|index| same(index) && index.valid).or_else(|| theirs.iter().position(same))
}

fn object(pair: &Pair<'_>, index: &Index) -> DriftObject {
    DriftObject::of(&pair.expected.name, DriftObjectKind::Index, &index.name)
}

fn missing(pair: &Pair<'_>, index: &Index) -> Difference {
    let found = Difference::missing(object(pair, index), index.definition());
    let by_constraint = pair.actual.constraints.iter().any(|it| {
        ["p", "u"].contains(&it.kind.as_str())
            && index.unique
            && index.predicate.is_none()
            && it.columns == index.keys
    });
    if by_constraint {
        return found.equivalent(
            "a unique constraint on the same columns forbids the same rows, by an index of its own",
        );
    }
    if pair.is_twin() && index.unique {
        return found.noting("a unique index of a partitioned table must hold the partition key: it can only be had together with that");
    }
    let found = found.mend_database(sql::create_index(pair, index)).mend_files(sql::drop_index(pair, index));
    let covered = partition::coverage(pair, index);
    match (covered.with.len(), covered.without.len()) {
        (0, _) => found,
        (_, 0) => found.noting(
            "every partition has it, the parent has not: partitions made from now on will be without",
        ),
        (with, without) => {
            found.noting(format!("{with} partitions have it, {without} have not, and the parent has not"))
        }
    }
}

fn extra(pair: &Pair<'_>, index: &Index) -> Option<Difference> {
    let found = Difference::extra(object(pair, index), index.definition());
    if let Some(why) = rails::index_of_references(pair, index) {
        return Some(found.equivalent(why));
    }
    let as_constraint =
        pair.expected.constraints.iter().any(|it| {
            it.kind == "u" && index.unique && index.predicate.is_none() && it.columns == index.keys
        });
    if as_constraint {
        // The constraint that the files make instead is told as missing, and as equivalent.
        return None;
    }
    let found = found.mend_database(sql::drop_index(pair, index)).mend_files(sql::create_index(pair, index));
    if !index.valid && !index.on_partitioned {
        return Some(
            found.noting("a build that broke off left it behind: it costs writes and serves no query"),
        );
    }
    Some(found.weighing(if index.unique { DriftSeverity::Attention } else { DriftSeverity::Note }))
}

fn validity(pair: &Pair<'_>, ours: &Index, theirs: &Index) -> Option<Difference> {
    if theirs.valid || !ours.valid {
        return None;
    }
    let found = Difference::differs(object(pair, theirs), "valid", "not valid: no query uses it");
    if theirs.on_partitioned {
        return Some(found.mend_database(sql::attach_indexes(pair, theirs)).noting(
            "it was made on the parent only: it becomes valid once every partition has one attached",
        ));
    }
    Some(found.mend_database([sql::rebuild_index(pair, theirs)]))
}
