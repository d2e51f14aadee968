//! Which functions of pg_catalog change nothing, by name. The lists beside this file say how they were made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// What the lists say of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// It changes nothing, whichever overload is called.
    Harmless,
    /// It does something, and this is what.
    Refused(&'static str),
    /// In no list.
    Unknown,
}

static PLAIN: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| lines(include_str!("functions/plain.txt")).flat_map(str::split_whitespace).collect());

static REVIEWED: LazyLock<BTreeMap<&str, &str>> =
    LazyLock::new(|| reasons(include_str!("functions/reviewed.txt")));

static REFUSED: LazyLock<BTreeMap<&str, &str>> =
    LazyLock::new(|| reasons(include_str!("functions/refused.txt")));

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

fn reasons(text: &'static str) -> BTreeMap<&'static str, &'static str> {
    lines(text).filter_map(|line| line.split_once(": ")).collect()
}

/// What is known of a function of pg_catalog by its name, in lower case.
pub fn listed(name: &str) -> Listed {
    match REFUSED.get(name) {
        Some(what) => Listed::Refused(what),
        None if PLAIN.contains(name) || REVIEWED.contains_key(name) => Listed::Harmless,
        None => Listed::Unknown,
    }
}

/// The names that are harmless by the rule alone.
pub fn plain() -> impl Iterator<Item = &'static str> {
    PLAIN.iter().copied()
}

/// The names that are harmless by review, with why.
pub fn reviewed() -> impl Iterator<Item = (&'static str, &'static str)> {
    REVIEWED.iter().map(|(name, why)| (*name, *why))
}

/// The names that review took out, or that a message says more of than "not known", with what they do.
pub fn refused() -> impl Iterator<Item = (&'static str, &'static str)> {
    REFUSED.iter().map(|(name, what)| (*name, *what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_in_two_lists_and_each_reason_is_said() {
        for (name, why) in reviewed().chain(refused()) {
            assert!(!PLAIN.contains(name), "{name} is in plain.txt too");
            assert!(why.len() > 5, "{name} has no reason");
        }
        assert!(reviewed().all(|(name, _)| !REFUSED.contains_key(name)));
        assert!(PLAIN.len() > 500);
    }

    #[test]
    fn what_acts_outside_of_the_rows_is_in_no_list_of_the_harmless() {
        for name in
            ["pg_terminate_backend", "nextval", "pg_advisory_lock", "query_to_xml", "set_config", "lo_import"]
        {
            assert!(matches!(listed(name), Listed::Refused(_)), "{name}");
        }
        assert_eq!(listed("no_such_function"), Listed::Unknown);
        assert_eq!(listed("count"), Listed::Harmless);
    }
}
