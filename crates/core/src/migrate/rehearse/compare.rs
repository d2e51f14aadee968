//! What was measured beside what was planned.
//!
//! Locks add up in a transaction: one that an earlier statement took is not taken again, so a planned lock counts as
//! taken when it is held afterwards. What comes with a table's lock (its indexes, its partitions, its sequence) needs no
//! mention of its own.

use super::super::{Blocks, PlannedStatement};
use super::measure::{Measured, Place, Taken};
use super::report::{Agreement, RehearsedLock};
use crate::sql::LockMode;
use crate::sql::lex::{TokenKind, tokens};
use crate::sql::statement::{StatementKind, describe};

/// What a comparison came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Comparison {
    /// Less than planned.
    milder: Vec<String>,
    /// More than planned.
    more: Vec<String>,
}

impl Comparison {
    /// Compares.
    pub(super) fn of(planned: &PlannedStatement, measured: &Measured, counts: bool) -> Self {
        let mut found = Self::default();
        found.planned_locks(planned, measured);
        found.other_locks(planned, measured);
        if !describe(&planned.sql).truncates {
            found.tables(&planned.rewrites, &measured.rewrites, "write", "written anew");
        }
        if counts && counts_scans(planned) {
            let felt = |place: &&Place| {
                let lock = measured.locks.iter().find(|taken| taken.shown == place.shown);
                lock.is_some_and(|taken| taken.mode >= LockMode::ShareUpdateExclusive)
            };
            let scans = measured.scans.iter().filter(|place| !measured.rewrites.contains(place)).filter(felt);
            found.tables(&planned.scans, &scans.cloned().collect::<Vec<_>>(), "read through", "read through");
        }
        found
    }

    /// The one word for it.
    pub(super) fn agreement(&self, planned: &PlannedStatement) -> Agreement {
        match (planned.blocks, self.more.is_empty(), self.milder.is_empty()) {
            (Blocks::Unknown, _, _) => Agreement::Unplanned,
            (_, false, _) => Agreement::Differs,
            (_, true, false) => Agreement::Milder,
            (_, true, true) => Agreement::Agreed,
        }
    }

    /// In sentences, the worse first.
    pub(super) fn in_words(self) -> Vec<String> {
        self.more.into_iter().chain(self.milder).collect()
    }

    fn planned_locks(&mut self, planned: &PlannedStatement, measured: &Measured) {
        for lock in planned.locks.iter().filter(|lock| measured.there.contains(&lock.relation)) {
            let (mode, relation) = (lock.mode, &lock.relation);
            match measured.locks.iter().find(|taken| taken.shown == *relation) {
                // Weak locks depend on the rows that a statement finds.
                None if mode <= LockMode::RowExclusive => {}
                None => self.milder.push(format!("{mode} on {relation} was planned and not taken")),
                Some(taken) if taken.mode < mode && !taken.held_before => {
                    self.milder.push(format!("{} on {relation} was taken, {mode} was planned", taken.mode));
                }
                Some(taken) if taken.mode < mode => {
                    self.milder.push(format!("{mode} on {relation} was planned and not taken"));
                }
                Some(taken) if taken.mode > mode && !taken.held_before => {
                    self.more.push(format!("{} on {relation} was taken, {mode} was planned", taken.mode));
                }
                Some(_) => {}
            }
        }
    }

    fn other_locks(&mut self, planned: &PlannedStatement, measured: &Measured) {
        let unknown = |taken: &&Taken| {
            let named = planned.locks.iter().any(|lock| lock.relation == taken.shown);
            !named && !taken.held_before && !taken.implied && taken.mode > LockMode::RowShare
        };
        for taken in measured.locks.iter().filter(unknown) {
            self.more
                .push(format!("{} on {} was taken, which the plan does not name", taken.mode, taken.shown));
        }
    }

    fn tables(&mut self, planned: &[String], measured: &[Place], verb: &str, done: &str) {
        let is = |place: &Place, name: &String| place.shown == *name || place.under.contains(name);
        for place in measured.iter().filter(|place| !planned.iter().any(|name| is(place, name))) {
            self.more.push(format!("{} was {done}, which was not planned", place.shown));
        }
        for name in planned.iter().filter(|name| !measured.iter().any(|place| is(place, name))) {
            self.milder.push(format!("it was planned to {verb} {name}, which did not happen"));
        }
    }
}

/// Whether scans are worth comparing: the sample of `analyze` is none in the server's count, and how rows are looked
/// for is the planner's business.
fn counts_scans(planned: &PlannedStatement) -> bool {
    let kind = describe(&planned.sql).kind;
    matches!(kind, StatementKind::Define | StatementKind::Maintain) && !begins_with(planned, "analy")
}

fn begins_with(planned: &PlannedStatement, word: &str) -> bool {
    let tokens = tokens(&planned.sql).unwrap_or_default();
    let first = tokens.iter().find(|token| token.kind != TokenKind::Comment);
    first.is_some_and(|token| token.text(&planned.sql).to_ascii_lowercase().starts_with(word))
}

/// The locks that are worth showing: those that were planned, and those that nobody planned.
pub(super) fn shown(planned: &PlannedStatement, measured: &Measured) -> Vec<RehearsedLock> {
    let named = |taken: &&Taken| planned.locks.iter().any(|lock| lock.relation == taken.shown);
    let news = |taken: &&Taken| !taken.held_before && !taken.implied && taken.mode > LockMode::AccessShare;
    let locks = measured.locks.iter().filter(|taken| named(taken) || news(taken));
    let mut locks: Vec<_> = locks
        .map(|taken| RehearsedLock {
            relation: taken.shown.clone(),
            mode: taken.mode,
            held_before: taken.held_before,
        })
        .collect();
    locks.sort_by(|a, b| b.mode.cmp(&a.mode).then_with(|| a.relation.cmp(&b.relation)));
    locks
}
