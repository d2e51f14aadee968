//! The linter: what in a migration file will not run, will hurt who works with the database meanwhile, or will be
//! regretted.
//!
//! Two sources: squawk's rules as a library (`squawk`, `policy` says which and how they weigh), and ours for what they
//! miss (`rules`). It reads plain text as it is typed: a syntax error is a finding with a place. A finding is accepted by a
//! comment with a reason (`accept`), which stays in the file.

mod accept;
mod enrich;
mod finding;
mod policy;
mod rewrite;
mod rules;
mod source;
mod squawk;
mod write;

pub use finding::{LintContext, LintFinding, LintLevel, LintRange, LintSource, TableFacts};
pub use policy::{LintRule, lint_rules};
pub use squawk::library_findings;
pub use write::with_accepted;

use source::{Found, Source};

use crate::sql::parse;

/// Everything that there is to say about a text, by its place. Accepted findings are among it, with their reason.
pub fn lint(text: &str, context: &LintContext) -> Vec<LintFinding> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    parse::with_room(text, || look(text, context)).unwrap_or_else(|| vec![too_deep()])
}

/// Nothing can be said of such a text but that.
fn too_deep() -> LintFinding {
    let why =
        "Neither the plan nor the linter know what it does. A server may take it all the same.".to_owned();
    let what = parse::too_deep().message;
    let (rule, level, source) = ("syntax-error".to_owned(), LintLevel::Error, LintSource::Evaldesk);
    let (line, column, end_line, end_column) = (1, 1, 1, 1);
    LintFinding {
        rule,
        level,
        source,
        line,
        column,
        end_line,
        end_column,
        what,
        why,
        rewrite: None,
        replaces: None,
        accepted: None,
    }
}

fn look(text: &str, context: &LintContext) -> Vec<LintFinding> {
    let source = Source::read(text, context);
    let mut found = squawk::check(&source);
    rules::check(&source, &mut found);
    enrich::enrich(&source, &mut found);
    let mut findings = accept::apply(&source, found);
    findings.sort_by_key(|finding| (finding.line, finding.column, finding.rule.clone()));
    findings
}

impl Found {
    fn finish(self, source: &Source<'_>, accepted: Option<String>) -> LintFinding {
        let LintRange { line, column, end_line, end_column } = range(source, self.start, self.end);
        let replaces = self.rewrite.as_ref().map(|_| self.replaced(source));
        let Self { rule, level, source, what, why, rewrite, .. } = self;
        LintFinding {
            rule,
            level,
            source,
            line,
            column,
            end_line,
            end_column,
            what,
            why,
            rewrite,
            replaces,
            accepted,
        }
    }

    /// The statement that it begins in; a comment is replaced itself.
    fn replaced(&self, source: &Source<'_>) -> LintRange {
        let comment = source.text[self.start..].starts_with("--");
        let inside = source.statement_at(self.start).filter(|_| !comment).map(|at| &source.statements[at]);
        let (start, end) = inside.map_or((self.start, self.end), |piece| (piece.start, piece.end));
        range(source, start, end)
    }
}

fn range(source: &Source<'_>, start: usize, end: usize) -> LintRange {
    let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let ((line, column), (end_line, end_column)) = (source.lines.position(start), source.lines.position(end));
    LintRange {
        line: narrow(line),
        column: narrow(column),
        end_line: narrow(end_line),
        end_column: narrow(end_column),
    }
}

#[cfg(test)]
mod tests;
