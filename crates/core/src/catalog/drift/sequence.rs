//! Sequences: those of a column go by the column, others by name.

use super::difference::{Difference, DriftObject, DriftObjectKind, DriftSeverity};
use crate::catalog::fingerprint::{SchemaSnapshot, Sequence};

pub(super) fn compare(expected: &SchemaSnapshot, actual: &SchemaSnapshot) -> Vec<Difference> {
    let mut found: Vec<_> = expected.sequences.iter().filter_map(|ours| of_expected(ours, actual)).collect();
    let alone = actual.sequences.iter().filter(|it| it.owner.is_none());
    let extra = alone.filter(|theirs| !expected.sequences.iter().any(|ours| is_same(ours, theirs)));
    found.extend(extra.map(|theirs| {
        Difference::extra(object(theirs), theirs.facts.definition())
            .weighing(DriftSeverity::Note)
            .mend_database([drop(theirs)])
            .mend_files([create(theirs)])
    }));
    found
}

fn of_expected(ours: &Sequence, actual: &SchemaSnapshot) -> Option<Difference> {
    match actual.sequences.iter().find(|theirs| is_same(ours, theirs)) {
        Some(theirs) => differs(ours, theirs),
        // A column without its own sequence is told as the column's default.
        None if ours.owner.is_some() => None,
        None => Some(
            Difference::missing(object(ours), ours.facts.definition())
                .weighing(DriftSeverity::Broken)
                .mend_database([create(ours)])
                .mend_files([drop(ours)]),
        ),
    }
}

fn is_same(ours: &Sequence, theirs: &Sequence) -> bool {
    if ours.owner.is_some() { ours.owner == theirs.owner } else { ours.name == theirs.name }
}

fn differs(ours: &Sequence, theirs: &Sequence) -> Option<Difference> {
    let alter = |to: &Sequence| {
        format!("alter sequence {} {}", theirs.name.quoted(), without_start(&to.facts.definition()))
    };
    (without_start(&ours.facts.definition()) != without_start(&theirs.facts.definition())).then(|| {
        Difference::differs(object(theirs), ours.facts.definition(), theirs.facts.definition())
            .mend_database([alter(ours)])
            .mend_files([alter(theirs)])
    })
}

/// Where it once began says nothing about a sequence that is in use.
fn without_start(definition: &str) -> String {
    let from = definition.find(" start with ").unwrap_or(definition.len());
    let to = definition.find(" increment by ").unwrap_or(from);
    format!("{}{}", &definition[..from], &definition[to..])
}

fn object(sequence: &Sequence) -> DriftObject {
    match &sequence.owner {
        Some((table, _)) => DriftObject::of(table, DriftObjectKind::Sequence, sequence.name.to_string()),
        None => DriftObject::new(DriftObjectKind::Sequence, &sequence.name),
    }
}

fn create(sequence: &Sequence) -> String {
    format!("create sequence {} {}", sequence.name.quoted(), sequence.facts.definition())
}

fn drop(sequence: &Sequence) -> String {
    format!("-- the number it stands at is lost\ndrop sequence {}", sequence.name.quoted())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_sequence_began_does_not_matter() {
        assert_eq!(without_start("as bigint start with 7 increment by 1"), "as bigint increment by 1");
    }
}
