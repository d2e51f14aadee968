//! Writing an accepted finding into a file.

use super::finding::LintContext;
use super::source::{Piece, Source};
use crate::sql::parse;

/// A text with a comment that accepts a rule for the statement on a line, and says why.
///
/// The comment stands on a line of its own above the statement, as far in as that and with the line ends of the file; it
/// never lands inside of a string or of the statement before. A reason of several lines becomes one.
pub fn with_accepted(text: &str, line: u32, rule: &str, reason: &str) -> String {
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let context = LintContext::default();
    let written = || written(&Source::read(text, &context), line, rule, &reason);
    // Where nobody can follow, the line itself has to do.
    parse::with_room(text, written)
        .unwrap_or_else(|| format!("-- evaldesk: accept {rule} because {reason}\n{text}"))
}

fn written(source: &Source<'_>, line: u32, rule: &str, reason: &str) -> String {
    let text = source.text;
    let line = usize::try_from(line).unwrap_or(usize::MAX).max(1);
    let begins = source.statements.iter().find(|piece| piece.lines.0 == line);
    let holds = || source.statements.iter().find(|piece| (piece.lines.0..=piece.lines.1).contains(&line));
    let piece = begins.or_else(holds);
    let comment = format!("-- evaldesk: accept {rule} because {reason}");
    let new_line = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let (at, before) = place(source, piece, line);
    let indent: String = text[at..].chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
    let before = if before { new_line } else { "" };
    format!("{}{before}{indent}{comment}{new_line}{}", &text[..at], &text[at..])
}

/// The byte to write at, and whether a line has to be ended there first.
fn place(source: &Source<'_>, piece: Option<&Piece>, line: usize) -> (usize, bool) {
    let Some(piece) = piece else { return (line_start(source.text, line), false) };
    let start = line_start(source.text, piece.lines.0);
    let inside_another = source.statements.iter().any(|other| other.start < start && start < other.end);
    if inside_another { (piece.start, true) } else { (start, false) }
}

/// A byte order mark stays the first thing in a file.
fn line_start(text: &str, line: usize) -> usize {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>().max(mark)
}
