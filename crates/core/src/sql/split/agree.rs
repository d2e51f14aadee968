//! Whether the parser ends the statements where the words do.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::SplitError;
use super::cut::Piece;
use crate::sql::lex::{self, TokenKind};
use crate::sql::parse::{self, Parsed};

/// Fails where the two readers disagree.
pub(super) fn check(source: &str, pieces: &[Piece]) -> Result<(), SplitError> {
    let parsed = parse::parse(source);
    if parsed.errors().is_empty() {
        return same_ends(source, &parsed, pieces);
    }
    // An error in one statement says nothing about the others: each is looked at for itself.
    pieces.iter().try_for_each(|piece| check_piece(source, *piece))
}

/// Every statement of the parser's begins where one of the words' begins.
fn same_ends(source: &str, parsed: &Parsed, pieces: &[Piece]) -> Result<(), SplitError> {
    let parsed: Vec<usize> =
        parse::statements(parsed).filter_map(|statement| first_byte(&statement)).collect();
    let read: Vec<usize> = pieces.iter().map(|piece| piece.start).collect();
    let differs =
        parsed.iter().zip(&read).find(|(one, other)| one != other).map(|(one, other)| *one.min(other));
    let more = parsed.len().min(read.len());
    match differs.or_else(|| parsed.get(more).or(read.get(more)).copied()) {
        Some(at) => Err(disagree(source, at)),
        None => Ok(()),
    }
}

fn first_byte(statement: &squawk_syntax::ast::Stmt) -> Option<usize> {
    use squawk_syntax::ast::AstNode as _;
    let first = tokens(statement.syntax()).find(|token| !token.kind().is_trivia())?;
    Some(usize::from(first.text_range().start()))
}

fn tokens(node: &SyntaxNode) -> impl Iterator<Item = squawk_syntax::SyntaxToken> {
    node.descendants_with_tokens().filter_map(|element| element.into_token())
}

fn check_piece(source: &str, piece: Piece) -> Result<(), SplitError> {
    let text = &source[piece.start..piece.end];
    let parsed = parse::parse(text);
    let agreed = match parsed.errors().is_empty() {
        true => parse::statements(&parsed).count() == 1,
        false => same_quotes(text, &parsed.syntax_node()),
    };
    if agreed { Ok(()) } else { Err(disagree(source, piece.start)) }
}

/// Whether both scanners see the same quotes and comments, and hence the same semicolons.
fn same_quotes(text: &str, tree: &SyntaxNode) -> bool {
    let Ok(read) = lex::tokens(text) else { return false };
    let semicolons = |start: &usize| text[*start..].starts_with(';');
    let ours = read.iter().filter(|token| token.kind == TokenKind::Semicolon).map(|token| token.start);
    let theirs = tokens(tree).filter(|token| token.kind() == SyntaxKind::SEMICOLON);
    let theirs = theirs.map(|token| usize::from(token.text_range().start()));
    ours.eq(theirs.filter(semicolons))
}

fn disagree(source: &str, at: usize) -> SplitError {
    let problem = "it is not clear where this statement ends: two readings of the text disagree. Put a semicolon \
                   after each statement, and quote what is meant as text";
    SplitError::at(source, at, problem)
}
