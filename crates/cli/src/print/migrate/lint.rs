//! Findings, as a compiler prints them: the place first, so that editors can go there.

use evaldesk_api::commands::LintedScript;
use evaldesk_api::core::migrate::{LintFinding, LintLevel};

use super::word;
use crate::print::{line, note, tame};

/// Every finding of every script.
pub(crate) fn linted(linted: &[LintedScript]) {
    for script in linted {
        script.findings.iter().for_each(|one| finding(&script.file, one));
    }
    note(&summary(linted));
}

fn finding(file: &str, finding: &LintFinding) {
    let LintFinding { line: at, column, rule, what, why, .. } = finding;
    line(&tame(&format!("{file}:{at}:{column}: {}: {what} [{rule}]", level(finding))));
    if !why.is_empty() {
        line(&tame(&format!("  why: {why}")));
    }
    if let Some(reason) = &finding.accepted {
        return line(&tame(&format!("  accepted: {reason}")));
    }
    if let Some(rewrite) = &finding.rewrite {
        line("  instead:");
        rewrite.lines().for_each(|text| line(&tame(&format!("    {text}"))));
    }
}

fn level(finding: &LintFinding) -> &'static str {
    match finding.level {
        LintLevel::Error => "error",
        LintLevel::Warning => "warning",
        LintLevel::Advice => "advice",
    }
}

fn summary(linted: &[LintedScript]) -> String {
    let findings = || linted.iter().flat_map(|script| &script.findings);
    let open = |level| findings().filter(|one| one.level == level && one.accepted.is_none()).count() as u64;
    let accepted = findings().filter(|one| one.accepted.is_some()).count();
    format!(
        "{}: {}, {}, {}; {accepted} accepted.",
        word::many(linted.len() as u64, "file", "files"),
        word::many(open(LintLevel::Error), "error", "errors"),
        word::many(open(LintLevel::Warning), "warning", "warnings"),
        word::many(open(LintLevel::Advice), "piece of advice", "pieces of advice")
    )
}
