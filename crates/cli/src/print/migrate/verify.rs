//! What the verify files found.

use evaldesk_api::core::migrate::{VerifyReport, Weight};

use crate::print::{Align, Table};

/// One line a version, its problems under it. What has no verify file was not looked at, and that is said.
pub(crate) fn verified(reports: &[VerifyReport]) {
    let mut table =
        Table::new(&["Verified", "Migration ID", "Migration name"].map(|head| (head, Align::Left)));
    for report in reports {
        table.row([word(report).to_owned(), report.version.to_string(), report.name.clone()]);
        report.problems.iter().for_each(|problem| table.under(&problem.problem));
    }
    table.print();
}

fn word(report: &VerifyReport) -> &'static str {
    let conflict = report.problems.iter().any(|problem| problem.weight == Weight::Conflict);
    match (report.checked, conflict, report.problems.is_empty()) {
        (false, ..) => "skipped: no .verify.sql",
        (true, true, _) => "FAILED",
        (true, false, false) => "attention",
        (true, false, true) => "ok",
    }
}
