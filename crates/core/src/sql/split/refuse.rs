//! What psql takes and a server does not: its own commands, and rows that stand between the statements.

use super::SplitError;
use crate::sql::lex::{Token, TokenKind};

/// A backslash outside of quotes belongs to no SQL at all.
pub(super) fn psql(source: &str, token: &Token) -> Result<(), SplitError> {
    if token.kind != TokenKind::Backslash {
        return Ok(());
    }
    let command = source[token.start..].split_whitespace().next().unwrap_or("\\");
    let advice = match command {
        "\\i" | "\\ir" | "\\include" => "put the text of the other file here, or run that file by itself",
        "\\c" | "\\connect" => "all of a text runs in one database: run the rest where it belongs",
        "\\copy" | "\\." => "write the rows as insert statements",
        "\\set" | "\\gset" | "\\if" => {
            "psql's variables and conditions do not exist here; a do block has its own"
        }
        _ => "take it out, a server understands SQL alone",
    };
    let problem = format!("{command} is a command of psql, not SQL: {advice}");
    Err(SplitError::at(source, token.start, problem))
}

/// `copy ... from stdin`, seen word by word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Copy {
    copies: bool,
    after_from: bool,
    from_stdin: bool,
}

impl Copy {
    /// Takes a word that stands in no parentheses, and which one it is.
    pub(super) fn word(&mut self, count: usize, word: &str) {
        self.copies |= count == 1 && word == "copy";
        self.from_stdin |= self.copies && self.after_from && word == "stdin";
        self.after_from = word == "from";
    }

    /// The rows would follow from the client, and a text of statements has none to send.
    pub(super) fn check(self, source: &str, start: usize) -> Result<(), SplitError> {
        if !self.from_stdin {
            return Ok(());
        }
        let problem = "copy ... from stdin reads rows that psql sends after it, and they are not SQL: write them as \
                       insert statements, or load them with psql's \\copy";
        Err(SplitError::at(source, start, problem))
    }
}
