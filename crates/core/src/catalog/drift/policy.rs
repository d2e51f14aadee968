//! Row security: whether it is on, whether it binds the owner too, and its policies, by their names.

use super::difference::{Difference, DriftObject, DriftObjectKind, DriftSeverity};
use super::pair::Pair;
use super::sql;
use crate::catalog::fingerprint::Policy;

pub(super) fn compare(pair: &Pair<'_>) -> Vec<Difference> {
    let (ours, theirs) = (&pair.expected.policies, &pair.actual.policies);
    let named = |policies: &'_ [Policy], name: &str| policies.iter().find(|it| it.name == name).cloned();
    let mut found: Vec<_> = switch(pair).into_iter().chain(forced(pair)).collect();
    for policy in ours {
        match named(theirs, &policy.name) {
            None => found.push(missing(pair, policy)),
            Some(there) => found.extend(differs(pair, policy, &there)),
        }
    }
    let extra = theirs.iter().filter(|policy| named(ours, &policy.name).is_none());
    found.extend(extra.map(|policy| {
        Difference::extra(object(pair, policy), policy.definition())
            .mend_database([sql::drop_policy(pair.actual, policy)])
            .mend_files([sql::create_policy(pair.actual, policy)])
    }));
    found
}

fn switch(pair: &Pair<'_>) -> Option<Difference> {
    let (expected, actual) = (pair.expected.row_security, pair.actual.row_security);
    let words = |on: bool| if on { "row level security is on" } else { "row level security is off" };
    set(pair, (expected, actual), words, |on| if on { "enable" } else { "disable" })
}

fn forced(pair: &Pair<'_>) -> Option<Difference> {
    let (expected, actual) = (pair.expected.forced_row_security, pair.actual.forced_row_security);
    let words = |on: bool| {
        if on { "row level security binds the owner too" } else { "row level security leaves the owner out" }
    };
    set(pair, (expected, actual), words, |on| if on { "force" } else { "no force" })
}

fn set(
    pair: &Pair<'_>,
    (expected, actual): (bool, bool),
    words: fn(bool) -> &'static str,
    verb: fn(bool) -> &'static str,
) -> Option<Difference> {
    let object = DriftObject::new(DriftObjectKind::Table, &pair.expected.name);
    let set = |on: bool| vec![format!("alter table {} {} row level security", pair.quoted(), verb(on))];
    (expected != actual).then(|| {
        Difference::differs(object, words(expected), words(actual))
            .mend_database(set(expected))
            .mend_files(set(actual))
    })
}

fn object(pair: &Pair<'_>, policy: &Policy) -> DriftObject {
    DriftObject::of(&pair.expected.name, DriftObjectKind::Policy, &policy.name)
}

fn missing(pair: &Pair<'_>, policy: &Policy) -> Difference {
    Difference::missing(object(pair, policy), policy.definition())
        .weighing(DriftSeverity::Broken)
        .mend_database([sql::create_policy(pair.actual, policy)])
        .mend_files([sql::drop_policy(pair.actual, policy)])
}

fn differs(pair: &Pair<'_>, ours: &Policy, theirs: &Policy) -> Option<Difference> {
    (ours.definition() != theirs.definition()).then(|| {
        Difference::differs(object(pair, ours), ours.definition(), theirs.definition())
            .weighing(DriftSeverity::Broken)
            .mend_database(sql::change_policy(pair.actual, theirs, ours))
            .mend_files(sql::change_policy(pair.actual, ours, theirs))
    })
}
