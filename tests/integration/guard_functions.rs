//! The list of harmless functions is what its rule gives on real catalogs, and what review says of it exists.

use std::collections::{BTreeMap, BTreeSet};

use evaldesk_core::sql::classify::functions::{plain, refused, reviewed};
use support::{empty_database, versions};

/// Every function of pg_catalog by name: whether each overload keeps to the rule, whether all of them are the inside of
/// something, and whether one is volatile.
const RULE: &str = include_str!("guard_functions.sql");

#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    breaks_the_rule: bool,
    called: bool,
    volatile: bool,
}

async fn seen() -> BTreeMap<String, Seen> {
    let mut all: BTreeMap<String, Seen> = BTreeMap::new();
    for major in versions() {
        let database = empty_database(major).await;
        let mut session = database.session().await;
        let rows: Vec<(String, bool, bool, bool)> =
            sqlx::query_as(RULE).fetch_all(&mut session).await.unwrap();
        for (name, breaks, called, volatile) in rows {
            let seen = all.entry(name).or_default();
            seen.breaks_the_rule |= breaks;
            seen.called |= called;
            seen.volatile |= volatile;
        }
    }
    all
}

#[tokio::test]
async fn the_list_of_harmless_functions_is_what_its_rule_gives_without_what_review_took_out() {
    let out: BTreeSet<&str> = refused().map(|(name, _)| name).collect();
    let seen = seen().await;
    let by_rule = seen.iter().filter(|(_, seen)| !seen.breaks_the_rule && seen.called);
    let by_rule: BTreeSet<&str> =
        by_rule.map(|(name, _)| name.as_str()).filter(|name| !out.contains(name)).collect();
    let listed: BTreeSet<&str> = plain().collect();
    // A run of fewer versions may miss functions that only one of the others has.
    let missing: Vec<_> = by_rule.difference(&listed).collect();
    assert!(missing.is_empty(), "not listed: {missing:?}");
    let gone: Vec<_> =
        listed.iter().filter(|name| seen.contains_key(**name) && !by_rule.contains(*name)).collect();
    assert!(gone.is_empty(), "listed against the rule: {gone:?}");
    if versions().len() >= 3 {
        let nowhere: Vec<_> = listed.iter().filter(|name| !seen.contains_key(**name)).collect();
        assert!(nowhere.is_empty(), "on no server: {nowhere:?}");
    }
}

#[tokio::test]
async fn every_reviewed_function_exists_and_no_volatile_one_is_listed_without_a_reason() {
    let seen = seen().await;
    let reasons: BTreeMap<&str, &str> = reviewed().collect();
    let unknown: Vec<_> = reasons.keys().filter(|name| !seen.contains_key(**name)).collect();
    assert!(unknown.is_empty(), "on no server: {unknown:?}");
    let unexplained: Vec<_> =
        plain().filter(|name| seen.get(*name).is_some_and(|seen| seen.volatile)).collect();
    assert!(unexplained.is_empty(), "volatile and not justified: {unexplained:?}");
}
