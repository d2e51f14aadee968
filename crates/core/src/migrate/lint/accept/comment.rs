//! The comments that accept: what they say, and what they stand for.

use super::super::source::{Found, Source};
use crate::sql::lex::{Token, TokenKind, Tokens};
use crate::sql::parse::Lines;

/// Whose way of saying it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Evaldesk,
    Squawk,
}

/// What a comment stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    File,
    /// The statements that begin on this line, or else the one that it is part of.
    Line(usize),
    Nothing,
}

/// An accepting comment.
#[derive(Debug)]
pub(super) struct Comment {
    pub(super) style: Style,
    /// Empty for all of them, which only squawk's comments can say.
    pub(super) rules: Vec<String>,
    pub(super) reason: Option<String>,
    pub(super) scope: Scope,
    /// Before the first statement: it stands for what is said of the file as a whole, too.
    in_front: bool,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Every accepting comment of a text.
pub(super) fn read(source: &Source<'_>) -> Vec<Comment> {
    let tokens: Vec<Token> = Tokens::of(source.text).map_while(Result::ok).collect();
    let comments = tokens.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Comment);
    comments.filter_map(|(at, token)| Comment::read(source, &tokens, at, token)).collect()
}

impl Comment {
    fn read(source: &Source<'_>, tokens: &[Token], at: usize, token: &Token) -> Option<Self> {
        let said = Said::parse(token.text(source.text))?;
        let in_front = tokens[..at].iter().all(|before| before.kind == TokenKind::Comment);
        let scope = match said.whole_file {
            true => Scope::File,
            false => scope(source, tokens, at, in_front),
        };
        let Said { style, rules, reason, .. } = said;
        Some(Self { style, rules, reason, scope, in_front, start: token.start, end: token.end })
    }

    /// Ours needs a reason; squawk's comments know none.
    pub(super) fn is_valid(&self) -> bool {
        self.style == Style::Squawk || self.reason.is_some()
    }

    /// The reason, or whose comment it is.
    pub(super) fn reason(&self) -> String {
        self.reason.clone().unwrap_or_else(|| "squawk-ignore".to_owned())
    }

    /// Whether it stands for a finding.
    pub(super) fn accepts(&self, source: &Source<'_>, finding: &Found) -> bool {
        let named = self.rules.is_empty() || self.rules.contains(&finding.rule);
        named && self.covers(source, finding)
    }

    fn covers(&self, source: &Source<'_>, finding: &Found) -> bool {
        let line = source.lines.line(finding.start);
        match (self.scope, source.statement_at(finding.start)) {
            (Scope::File, _) => true,
            (Scope::Nothing, _) => false,
            (Scope::Line(own), None) => line == own || (self.in_front && line == 1),
            (Scope::Line(own), Some(at)) => {
                let begins = |piece: &&super::super::source::Piece| piece.lines.0 == own;
                match source.statements.iter().any(|piece| begins(&piece)) {
                    true => begins(&&source.statements[at]),
                    false => (source.statements[at].lines.0..=source.statements[at].lines.1).contains(&own),
                }
            }
        }
    }
}

/// What a comment stands for: its own line behind code, else the first line after it and the comments below it.
fn scope(source: &Source<'_>, tokens: &[Token], at: usize, in_front: bool) -> Scope {
    let (text, lines): (&str, &Lines<'_>) = (source.text, &source.lines);
    let line = lines.line(tokens[at].start);
    let code = |token: &&Token| token.kind != TokenKind::Comment;
    if tokens[..at].iter().rev().find(code).is_some_and(|before| lines.line(before.end) == line) {
        return Scope::Line(line);
    }
    let Some(next) = tokens[at..].iter().find(code).map(|next| next.start) else {
        return if in_front { Scope::File } else { Scope::Nothing };
    };
    match has_empty_line(&text[tokens[at].end..next]) {
        true if in_front => Scope::File,
        true => Scope::Nothing,
        false => Scope::Line(lines.line(next)),
    }
}

/// Whether two line ends stand with nothing but white space between them.
fn has_empty_line(gap: &str) -> bool {
    let mut after_line_end = false;
    gap.chars().any(|c| {
        let second = c == '\n' && after_line_end;
        after_line_end = c == '\n' || (after_line_end && c.is_whitespace());
        second
    })
}

/// A comment taken apart.
struct Said {
    style: Style,
    whole_file: bool,
    rules: Vec<String>,
    reason: Option<String>,
}

impl Said {
    fn parse(comment: &str) -> Option<Self> {
        let inner =
            comment.strip_prefix("--").or_else(|| comment.strip_prefix("/*")?.strip_suffix("*/"))?.trim();
        Self::ours(inner).or_else(|| Self::squawks(inner))
    }

    fn ours(inner: &str) -> Option<Self> {
        let rest = inner.strip_prefix("evaldesk:")?.trim_start().strip_prefix("accept")?;
        let rest = rest.strip_prefix(char::is_whitespace)?.trim();
        let (rules, reason) = match rest.split_once(" because ") {
            Some((rules, reason)) => (rules, Some(reason.trim().to_owned())),
            None => (rest.strip_suffix(" because").unwrap_or(rest), None),
        };
        let reason = reason.filter(|reason| !reason.is_empty());
        Some(Self { style: Style::Evaldesk, whole_file: false, rules: names(rules), reason })
    }

    fn squawks(inner: &str) -> Option<Self> {
        let rest = inner.strip_prefix("squawk-ignore")?;
        let (whole_file, rest) = rest.strip_prefix("-file").map_or((false, rest), |rest| (true, rest));
        let (rules, reason) = rest.split_once("--").unwrap_or((rest, ""));
        let reason = Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        Some(Self { style: Style::Squawk, whole_file, rules: names(rules), reason })
    }
}

fn names(list: &str) -> Vec<String> {
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    names
        .map(
            |name| {
                if name == "prefer-timestamptz" { "prefer-timestamp-tz".to_owned() } else { name.to_owned() }
            },
        )
        .collect()
}
