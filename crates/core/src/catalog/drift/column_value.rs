//! Where a column's values come from: a default, a sequence of its own, an identity, an expression.

use super::column::object;
use super::difference::{Difference, DriftSeverity};
use super::pair::Pair;
use super::sql;
use crate::catalog::fingerprint::{Column, ObjectName, Sequence};

pub(super) fn compare(pair: &Pair<'_>, ours: &Column, theirs: &Column) -> Option<Difference> {
    let words = |column: &Column| column.value_in_words().unwrap_or_else(|| "no default".to_owned());
    if words(ours) == words(theirs) {
        return None;
    }
    let found = Difference::differs(object(pair, ours), words(ours), words(theirs));
    if numbers_itself(ours) && numbers_itself(theirs) {
        return Some(found.equivalent("a serial and an identity number rows alike where none is given"));
    }
    if ours.generation.is_some() || theirs.generation.is_some() {
        let note = "a generated column cannot be changed in place: it is dropped and added anew, which writes every row";
        return Some(found.weighing(DriftSeverity::Broken).noting(note));
    }
    let broken = numbers_itself(ours) || theirs.identity.as_deref() == Some("a");
    let found = found
        .weighing(if broken { DriftSeverity::Broken } else { DriftSeverity::Attention })
        .mend_database(sql::set_default(pair, ours, theirs, own_sequence(pair, ours)))
        .mend_files(sql::set_default(pair, theirs, ours, None));
    Some(match other_sequence(theirs).filter(|_| ours.draws_from_its_sequence) {
        Some(note) => found.noting(note),
        None => found,
    })
}

/// A sequence that the database's column owns though no default draws from it.
fn own_sequence<'a>(pair: &Pair<'a>, column: &Column) -> Option<&'a Sequence> {
    let owns = |owner: &(ObjectName, String)| owner.0 == pair.actual.name && owner.1 == column.name;
    pair.database.sequences.iter().find(|sequence| sequence.owner.as_ref().is_some_and(owns))
}

fn numbers_itself(column: &Column) -> bool {
    column.draws_from_its_sequence || column.identity.as_deref() == Some("d")
}

/// A sequence that belongs to another table goes when that table is dropped.
fn other_sequence(theirs: &Column) -> Option<String> {
    let value = theirs.default_value.as_deref().filter(|value| value.starts_with("nextval("))?;
    Some(format!(
        "its numbers come from a sequence that it does not own ({value}): dropping the owner takes the sequence along. \
         \"alter sequence ... owned by\" hands it over"
    ))
}
