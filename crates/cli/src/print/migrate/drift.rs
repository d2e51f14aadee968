//! Drift, object by object, with the SQL that mends it either way.

use evaldesk_api::core::catalog::drift::{Difference, DriftSeverity};
use evaldesk_api::core::migrate::{DriftReport, DriftStatus};

use super::word;
use crate::print::{duration, line, note, tame};

/// The report.
pub(crate) fn drift(report: &DriftReport) {
    report.differences.iter().for_each(difference);
    for same in &report.equivalents {
        let why = same.equivalent.as_deref().unwrap_or_default();
        note(&tame(&format!("no drift: {same}: {why}")));
    }
    note(&tame(&in_words(report)));
}

fn in_words(report: &DriftReport) -> String {
    let took = duration(report.took_ms as f64);
    match &report.status {
        DriftStatus::Same => format!("The database has what its migrations make ({took})."),
        DriftStatus::Differs => {
            let objects = word::many(report.differences.len() as u64, "object is", "objects are");
            format!("{objects} otherwise than the migrations make them ({took}).")
        }
        DriftStatus::Skipped { why } => format!("Nothing was compared: {why}."),
    }
}

fn difference(difference: &Difference) {
    let severity = match difference.severity {
        DriftSeverity::Note => "note",
        DriftSeverity::Attention => "attention",
        DriftSeverity::Broken => "BROKEN",
    };
    line(&tame(&format!("{severity}: {difference}")));
    let sides =
        [("migrations", &difference.expected), ("database", &difference.actual), ("note", &difference.note)];
    for (what, text) in sides {
        text.iter().for_each(|text| line(&tame(&format!("  {what}: {text}"))));
    }
    statements("mend the database", &difference.mend_database);
    statements("or write it into a migration", &difference.mend_files);
}

fn statements(how: &str, statements: &[String]) {
    if statements.is_empty() {
        return;
    }
    line(&format!("  {how}:"));
    for statement in statements {
        ended(statement).lines().for_each(|text| line(&tame(&format!("    {text}"))));
    }
}

/// Ready to be copied: it ends as a statement does, unless its last line is a comment.
fn ended(statement: &str) -> String {
    let bare = statement.trim_end().trim_end_matches(';');
    let is_comment = bare.lines().last().is_some_and(|last| last.trim_start().starts_with("--"));
    if is_comment { bare.to_owned() } else { format!("{bare};") }
}
