//! Extended statistics by what they are of: their names serve nobody.

use super::difference::{Difference, DriftObject, DriftObjectKind, DriftSeverity};
use super::pair::Pair;
use super::sql;
use crate::catalog::fingerprint::Statistics;

pub(super) fn compare(pair: &Pair<'_>) -> Vec<Difference> {
    let mut theirs: Vec<_> = pair.actual.statistics.iter().collect();
    let mut found = Vec::new();
    for ours in &pair.expected.statistics {
        let same = |it: &&Statistics| it.definition == ours.definition;
        let at = theirs.iter().position(|it| same(it) && it.target == ours.target);
        match at.or_else(|| theirs.iter().position(same)) {
            Some(at) => found.extend(target(pair, ours, theirs.remove(at))),
            None => found.push(missing(pair, ours)),
        }
    }
    found.extend(theirs.into_iter().map(|it| extra(pair, it)));
    found
}

fn object(pair: &Pair<'_>, statistics: &Statistics) -> DriftObject {
    DriftObject::of(&pair.expected.name, DriftObjectKind::Statistics, &statistics.name)
}

fn missing(pair: &Pair<'_>, it: &Statistics) -> Difference {
    Difference::missing(object(pair, it), it.in_words())
        .mend_database(sql::create_statistics(pair.actual, it))
        .mend_files([sql::drop_statistics(pair.actual, it)])
}

fn extra(pair: &Pair<'_>, it: &Statistics) -> Difference {
    Difference::extra(object(pair, it), it.in_words())
        .weighing(DriftSeverity::Note)
        .mend_database([sql::drop_statistics(pair.actual, it)])
        .mend_files(sql::create_statistics(pair.actual, it))
}

fn target(pair: &Pair<'_>, ours: &Statistics, theirs: &Statistics) -> Option<Difference> {
    (ours.target != theirs.target).then(|| {
        Difference::differs(object(pair, theirs), ours.in_words(), theirs.in_words())
            .weighing(DriftSeverity::Note)
            .mend_database([sql::set_target(pair.actual, theirs, ours.target)])
            .mend_files([sql::set_target(pair.actual, ours, theirs.target)])
    })
}
