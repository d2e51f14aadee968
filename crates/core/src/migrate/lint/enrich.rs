//! What a finding weighs where the size of its table is known: a lock is as long as the table is large.

use super::finding::LintLevel;
use super::source::{Found, Source};

/// Rules whose harm grows with the table.
const BY_SIZE: &[&str] = &[
    "adding-field-with-default",
    "adding-foreign-key-constraint",
    "adding-not-nullable-field",
    "adding-serial-primary-key-field",
    "changing-column-type",
    "constraint-missing-not-valid",
    "disallowed-unique-constraint",
    "require-concurrent-index-creation",
    "require-concurrent-reindex",
    "scan-under-lock",
    "table-rewrite",
    "vacuum-full",
    "write-without-where",
];

/// Says how large the tables are, and weighs findings by it. What ours says better, the library need not say.
pub(super) fn enrich(source: &Source<'_>, found: &mut Vec<Found>) {
    drop_doubles(source, found);
    for finding in found.iter_mut().filter(|finding| BY_SIZE.contains(&finding.rule.as_str())) {
        weigh(source, finding);
    }
}

fn weigh(source: &Source<'_>, finding: &mut Found) {
    let Some(at) = source.statement_at(finding.start) else { return };
    let piece = &source.statements[at];
    let facts =
        piece.effects.touches.iter().filter_map(|touch| Some((touch, source.facts(piece, &touch.relation)?)));
    let Some((touch, facts)) = facts.max_by_key(|(_, facts)| facts.bytes) else { return };
    finding.why = format!("{} {} has {}.", finding.why, touch.relation, facts.words()).trim().to_owned();
    if facts.is_large() {
        finding.level = LintLevel::Error;
    } else if facts.is_small() {
        finding.level = LintLevel::Advice;
    }
}

fn drop_doubles(source: &Source<'_>, found: &mut Vec<Found>) {
    let large: Vec<usize> = found
        .iter()
        .filter(|finding| finding.rule == "large-index-build")
        .filter_map(|finding| source.statement_at(finding.start))
        .collect();
    found.retain(|finding| {
        let at = source.statement_at(finding.start);
        finding.rule != "require-concurrent-index-creation" || !at.is_some_and(|at| large.contains(&at))
    });
}
