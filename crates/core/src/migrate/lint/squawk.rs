//! squawk's rules, run as a library.

use squawk_linter::{Linter, Violation};

use super::finding::{LintContext, LintSource};
use super::policy::{self, Use};
use super::rewrite;
use super::source::{Found, Source};
use crate::sql::parse;

/// Runs the rules that are taken from the library.
pub(super) fn check(source: &Source<'_>) -> Vec<Found> {
    let context = source.context;
    let violations = violations(source.text, context);
    violations.into_iter().filter_map(|violation| found(source, violation)).collect()
}

/// The name and the byte of every finding of the library's rules that we take, before anything is made of it: what the
/// squawk command of the same version says of the same text.
pub fn library_findings(text: &str, context: &LintContext) -> Vec<(String, usize)> {
    let found =
        |violation: Violation| (violation.code.to_string(), usize::from(violation.text_range.start()));
    parse::with_room(text, || violations(text, context).into_iter().map(found).collect()).unwrap_or_default()
}

fn violations(text: &str, context: &LintContext) -> Vec<Violation> {
    // A finding that the file ignores is shown as accepted, not left out: its comments are read by `accept`.
    let unmasked = text.replace("squawk-ignore", "squawk_ignore");
    let taken = policy::POLICY.iter().map(|taken| taken.rule);
    let mut linter = Linter::from(taken);
    if let Ok(version) = context.server_major.to_string().parse() {
        linter.settings.pg_version = version;
    }
    linter.settings.assume_in_transaction = context.transactional;
    linter.lint(&parse::parse(&unmasked), &unmasked)
}

fn found(source: &Source<'_>, violation: Violation) -> Option<Found> {
    let taken = policy::of(violation.code)?;
    if source.context.down && taken.when == Use::UpOnly {
        return None;
    }
    let (start, end) = (usize::from(violation.text_range.start()), usize::from(violation.text_range.end()));
    let help = violation.help.clone().unwrap_or_default();
    let why =
        [help.as_str(), taken.why].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    Some(Found {
        rule: violation.code.to_string(),
        level: taken.level,
        source: LintSource::Squawk,
        start,
        end: start + source.text[start..end].trim_end().len(),
        rewrite: rewrite_of(source, &violation, start),
        what: violation.message,
        why,
    })
}

/// The library's own fix where it has one, on the whole statement; else ours.
fn rewrite_of(source: &Source<'_>, violation: &Violation, start: usize) -> Option<String> {
    let piece = &source.statements[source.statement_at(start)?];
    let fixed =
        violation.fix.as_ref().and_then(|fix| rewrite::applied(piece.text(source), piece.start, &fix.edits));
    fixed.or_else(|| rewrite::of_rule(source, piece, violation.code))
}
