//! What is said of a statement that was rehearsed, and of one that was not.

use super::super::{PlannedMigration, PlannedStatement, Rehearsable, StatementPurpose};
use super::compare::{self, Comparison};
use super::measure::{Measured, Place};
use super::report::{Agreement, RehearsedOutcome, RehearsedStatement};

/// Why a statement cannot be rehearsed in a transaction.
pub(super) fn cannot(planned: &PlannedStatement) -> Option<&'static str> {
    match planned.rehearsable {
        _ if planned.purpose == StatementPurpose::Rake => Some("it is Ruby, which only rake runs"),
        Rehearsable::InTransaction => None,
        Rehearsable::OnCopy => Some("it cannot run in a transaction; rehearse on a copy to see it run"),
        Rehearsable::Nowhere => {
            Some("it reaches beyond its database, or ends the transaction: nothing would take it back")
        }
    }
}

/// A statement that did not run.
pub(super) fn not_run(
    step: &PlannedMigration,
    at: usize,
    outcome: RehearsedOutcome,
    note: Option<String>,
) -> RehearsedStatement {
    let planned = &step.statements[at];
    RehearsedStatement {
        version: step.version.clone(),
        statement: u32::try_from(at + 1).unwrap_or(u32::MAX),
        sql: planned.sql.clone(),
        line: planned.line,
        outcome,
        note,
        locks: Vec::new(),
        rewrites: Vec::new(),
        scans: None,
        elapsed_ms: 0,
        planned_ms: planned.estimate_ms,
        changes: Vec::new(),
        agreement: Agreement::NotMeasured,
        differences: Vec::new(),
    }
}

/// A statement that ran.
pub(super) fn measured_statement(
    step: &PlannedMigration,
    at: usize,
    measured: &Measured,
    elapsed_ms: u64,
    counts: bool,
) -> RehearsedStatement {
    let planned = &step.statements[at];
    let comparison = Comparison::of(planned, measured, counts);
    let names = |places: &[Place]| places.iter().map(|place| place.shown.clone()).collect();
    RehearsedStatement {
        locks: compare::shown(planned, measured),
        rewrites: names(&measured.rewrites),
        scans: counts.then(|| names(&measured.scans)),
        elapsed_ms,
        changes: measured.changes.clone(),
        agreement: comparison.agreement(planned),
        differences: comparison.in_words(),
        ..not_run(step, at, RehearsedOutcome::Ran, None)
    }
}
