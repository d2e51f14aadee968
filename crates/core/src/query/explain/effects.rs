//! What running a statement leaves behind although its transaction is rolled back.

use super::permit::Permit;
use super::report::{ExplainRan, ExplainReport};
use super::words;

/// The sentences that a reader of the report has to know besides the plan.
pub(super) fn notes(report: &ExplainReport, permit: &Permit) -> Vec<String> {
    let mut notes = Vec::new();
    if permit.runs && report.ran == ExplainRan::RolledBack {
        notes.push(
            "It was run, and its transaction rolled back: no row is changed. Its locks were held until then."
                .to_owned(),
        );
        notes.push(
            "A rollback does not undo everything: numbers that a sequence gave are gone, dead rows are left for vacuum, \
             and what a function or trigger did outside of this database (dblink, a file, a program) was done. \
             Notifications were not sent, and deferred constraints were not checked."
                .to_owned(),
        );
        notes.extend(triggers(report));
    }
    if report.plan.statements > 1 {
        notes.push(format!(
            "Rules make {} statements of it; their times are added up.",
            report.plan.statements
        ));
    }
    notes
}

fn triggers(report: &ExplainReport) -> Option<String> {
    let fired: Vec<&str> = report
        .plan
        .triggers
        .iter()
        .filter(|trigger| trigger.calls > 0 && trigger.constraint.is_none())
        .map(|trigger| trigger.name.as_str())
        .collect();
    let calls: u64 = report.plan.triggers.iter().map(|trigger| trigger.calls).sum();
    #[allow(clippy::cast_precision_loss)]
    let calls = words::plural(calls as f64, "call");
    (!fired.is_empty()).then(|| format!("Triggers fired ({calls}): {}.", fired.join(", ")))
}
