//! Whether two scanners see the same words, strings and comments: the parser's, and ours of `lex`.
//!
//! What one of them takes for a comment or a string and the server does not, runs unseen. So a text that they read
//! differently is nobody's read.

use squawk_syntax::{SyntaxKind, SyntaxNode, SyntaxToken};

use crate::sql::lex::{self, TokenKind};

/// A piece that hides text or names something; symbols and numbers do neither.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    class: Class,
    start: usize,
    end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Quoted,
    Comment,
}

/// Whether the tree of a text and our own scanner agree on it, word by word.
pub(super) fn agree(sql: &str, tree: &SyntaxNode) -> bool {
    ours(sql).is_some_and(|ours| ours == theirs(tree))
}

fn theirs(tree: &SyntaxNode) -> Vec<Piece> {
    tree.descendants_with_tokens().filter_map(|element| piece(&element.into_token()?)).collect()
}

fn piece(token: &SyntaxToken) -> Option<Piece> {
    let (start, end) = (usize::from(token.text_range().start()), usize::from(token.text_range().end()));
    let first = token.text().chars().next()?;
    let class = match token.kind() {
        SyntaxKind::WHITESPACE => return None,
        SyntaxKind::COMMENT => Class::Comment,
        SyntaxKind::STRING
        | SyntaxKind::ESC_STRING
        | SyntaxKind::BIT_STRING
        | SyntaxKind::BYTE_STRING
        | SyntaxKind::NATIONAL_STRING
        | SyntaxKind::UNICODE_ESC_STRING
        | SyntaxKind::DOLLAR_QUOTED_STRING => Class::Quoted,
        _ if first == '"' => Class::Quoted,
        _ if first == '_' || first.is_ascii_alphabetic() || !first.is_ascii() => Class::Word,
        _ => return None,
    };
    Some(Piece { class, start, end })
}

/// `None` where a word begins with a digit: servers before 15 read `1x` as two words.
fn ours(sql: &str) -> Option<Vec<Piece>> {
    let mut pieces: Vec<Piece> = Vec::new();
    for token in lex::tokens(sql).ok()? {
        let text = token.text(sql);
        let class = match token.kind {
            TokenKind::Word if text.starts_with(|c: char| c.is_ascii_digit()) => {
                if is_number(text) {
                    continue;
                }
                return None;
            }
            TokenKind::Word => Class::Word,
            TokenKind::Text | TokenKind::QuotedName => Class::Quoted,
            TokenKind::Comment => Class::Comment,
            TokenKind::Backslash => return None,
            _ => continue,
        };
        let mut piece = Piece { class, start: token.start, end: token.end };
        // b'', x'', n'' and u&'' are one token there, a word and a string here.
        if class == Class::Quoted {
            match pieces.last() {
                Some(before) if prefixes(&sql[before.start..token.start]) => {
                    piece.start = before.start;
                    pieces.pop();
                }
                _ => {}
            }
        }
        pieces.push(piece);
    }
    Some(pieces)
}

fn prefixes(text: &str) -> bool {
    matches!(text, "b" | "B" | "x" | "X" | "n" | "N" | "u&" | "U&")
}

fn is_number(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let exponent = digits.strip_prefix(['e', 'E']);
    digits.is_empty() || exponent.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()))
}
