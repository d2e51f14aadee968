//! What is no SQL at all, and what the parser does not understand.

use super::super::finding::LintSource;
use super::super::policy;
use super::super::source::{Found, Source};
use crate::sql::parse;
use crate::sql::split::split;

const UNREADABLE: &str = "The file cannot be cut into statements, so that none of it can be run.";
const UNKNOWN: &str =
    "The parser of the linter is not the server's: if a server takes the statement, accept this.";

pub(super) fn check(source: &Source<'_>, found: &mut Vec<Found>) {
    if let Err(error) = split(source.text) {
        let start = byte_at(source.text, error.line, error.column);
        found.push(at(source, "unreadable-file", start, error.problem, UNREADABLE));
        // What follows a command of psql, or rows, the parser can only misread.
        return;
    }
    // One mistake makes a parser stumble more than once: the first of a line is the one to read.
    let mut lines = Vec::new();
    for problem in parse::of(&source.parsed, source.text) {
        if !lines.contains(&problem.line) {
            lines.push(problem.line);
            found.push(at(source, "syntax-error", problem.start, problem.message, UNKNOWN));
        }
    }
}

fn at(source: &Source<'_>, rule: &str, start: usize, what: String, why: &str) -> Found {
    let rest = source.text[start..].chars().next().map_or(0, char::len_utf8);
    Found {
        rule: rule.to_owned(),
        level: policy::level_of(rule),
        source: LintSource::Evaldesk,
        start,
        end: start + rest,
        what,
        why: why.to_owned(),
        rewrite: None,
    }
}

fn byte_at(text: &str, line: usize, column: usize) -> usize {
    let line_start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = &text[line_start.min(text.len())..];
    line_start + rest.char_indices().nth(column - 1).map_or(rest.len(), |(at, _)| at)
}
