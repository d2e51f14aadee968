//! Our own rules: for what the library misses, and for the recipes of the RAAF Eval guide that hurt.

mod drop;
mod foreign_key;
mod index;
mod locks;
mod partition;
mod rows;
mod setting;
mod text;
mod transaction;
mod types;

use super::source::{Found, Source};

/// Adds what our rules find. Those that fill in for the library look at what it found already.
pub(super) fn check(source: &Source<'_>, found: &mut Vec<Found>) {
    let rules: [fn(&Source<'_>, &mut Vec<Found>); 10] = [
        text::check,
        transaction::check,
        index::check,
        foreign_key::check,
        rows::check,
        drop::check,
        types::check,
        partition::check,
        setting::check,
        locks::check,
    ];
    rules.iter().for_each(|rule| rule(source, found));
}
