//! The text under the linter: its statements with their trees, what each does, and which tables are new by then.

use std::collections::HashSet;

use squawk_syntax::ast::{self, AstNode as _};

use super::finding::{LintContext, LintLevel, LintSource, TableFacts};
use super::policy;
use crate::sql::parse::{self, Lines, Parsed};
use crate::sql::statement::{self, Effects, ObjectKind, bare_name};

/// A text, read.
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    pub(super) lines: Lines<'a>,
    pub(super) context: &'a LintContext,
    pub(super) parsed: Parsed,
    pub(super) statements: Vec<Piece>,
}

/// One statement of it.
pub(super) struct Piece {
    pub(super) tree: ast::Stmt,
    pub(super) effects: Effects,
    /// Its bytes, without the comments before it.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Its first and its last line, from 1.
    pub(super) lines: (usize, usize),
    /// The tables that the file has made before it, without schema.
    pub(super) new_tables: HashSet<String>,
}

/// A finding before it has a place in lines.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) rule: String,
    pub(super) level: LintLevel,
    pub(super) source: LintSource,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) what: String,
    pub(super) why: String,
    pub(super) rewrite: Option<String>,
}

impl<'a> Source<'a> {
    pub(super) fn read(text: &'a str, context: &'a LintContext) -> Self {
        let parsed = parse::parse(text);
        let lines = Lines::of(text);
        let mut new_tables = HashSet::new();
        let statements = parse::statements(&parsed)
            .filter_map(|tree| Piece::read(&lines, text, tree, context.server_major, &mut new_tables))
            .collect();
        Self { text, lines, context, parsed, statements }
    }

    /// The statement that a byte is in.
    pub(super) fn statement_at(&self, byte: usize) -> Option<usize> {
        let at = self.statements.partition_point(|piece| piece.start <= byte).checked_sub(1)?;
        (byte <= self.statements[at].end).then_some(at)
    }

    /// What is known of a table that was there before the file.
    pub(super) fn facts(&self, piece: &Piece, table: &str) -> Option<&TableFacts> {
        if piece.is_new(table) { None } else { self.context.table(table) }
    }
}

impl Piece {
    fn read(
        lines: &Lines<'_>,
        text: &str,
        tree: ast::Stmt,
        major: u32,
        new_tables: &mut HashSet<String>,
    ) -> Option<Self> {
        let mut tokens = tree.syntax().descendants_with_tokens().filter_map(|element| element.into_token());
        let first = tokens.find(|token| !token.kind().is_trivia())?;
        let start = usize::from(first.text_range().start());
        let end = usize::from(tree.syntax().text_range().end());
        let end = start + text[start..end].trim_end().trim_end_matches(';').trim_end().len();
        let effects = statement::of_tree(&tree, major);
        let before = new_tables.clone();
        new_tables.extend(Effects::names(&effects.creates, ObjectKind::Table).map(bare_name));
        let lines = (lines.line(start), lines.line(end.saturating_sub(1).max(start)));
        Some(Self { tree, effects, start, end, lines, new_tables: before })
    }

    /// Whether the file itself made the table before: nobody else works with it.
    pub(super) fn is_new(&self, table: &str) -> bool {
        self.new_tables.contains(&bare_name(table))
    }

    /// Its text.
    pub(super) fn text<'a>(&self, source: &Source<'a>) -> &'a str {
        &source.text[self.start..self.end]
    }

    /// A finding of ours on the whole statement.
    pub(super) fn found(&self, rule: &str, what: impl Into<String>, why: impl Into<String>) -> Found {
        Found {
            rule: rule.to_owned(),
            level: policy::level_of(rule),
            source: LintSource::Evaldesk,
            start: self.start,
            end: self.end,
            what: what.into(),
            why: why.into(),
            rewrite: None,
        }
    }
}

impl Found {
    /// With what to write instead.
    #[must_use]
    pub(super) fn instead(mut self, rewrite: impl Into<String>) -> Self {
        self.rewrite = Some(rewrite.into());
        self
    }

    /// On a part of the statement.
    #[must_use]
    pub(super) fn at(mut self, node: &squawk_syntax::SyntaxNode) -> Self {
        let range = node.text_range();
        (self.start, self.end) = (usize::from(range.start()), usize::from(range.end()));
        self
    }
}
