//! Formatting SQL: white space alone changes, and what comes out is held against what went in.
//!
//! The library (sqlformat) knows SQL by its words. So each statement is formatted by itself, and wherever the result
//! would not be the same to the server's scanner (`same`), or would come out otherwise the next time, the statement
//! stays as it was and the answer says so.

mod same;
mod shield;

use serde::{Deserialize, Serialize};
use sqlformat::{Dialect, FormatOptions, Indent, QueryParams};
use ts_rs::TS;

use super::split::{Statement, split};

/// A statement longer than this many bytes is left as it is: it was not written by hand.
const LONGEST: usize = 256 * 1024;
/// How often a text is formatted again until it stays as it is.
const ROUNDS: usize = 4;

/// A formatted text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "QueryFormatted")]
pub struct Formatted {
    pub text: String,
    /// What was left as it was, and why.
    pub notice: Option<String>,
}

/// Formats a script. What is between its statements stays; formatting the result again changes nothing.
pub fn format(sql: &str) -> Formatted {
    let statements = match split(sql) {
        Ok(statements) => statements,
        Err(error) => {
            let notice =
                format!("Not formatted: line {}, column {}: {}.", error.line, error.column, error.problem);
            return Formatted { text: sql.to_owned(), notice: Some(notice) };
        }
    };
    let (mut text, mut from, mut left) = (String::with_capacity(sql.len()), 0, Vec::new());
    for statement in &statements {
        text.push_str(&sql[from..statement.start]);
        match formatted(&statement.text) {
            Some(formatted) => text.push_str(&formatted),
            None => {
                left.push(statement);
                text.push_str(&statement.text);
            }
        }
        from = statement.end;
    }
    text.push_str(&sql[from..]);
    Formatted { text, notice: notice(&left) }
}

/// One statement, or nothing where it had better stay as it is.
fn formatted(statement: &str) -> Option<String> {
    if statement.len() > LONGEST {
        return None;
    }
    let mut text = statement.to_owned();
    for _ in 0..ROUNDS {
        let next = shield::around(&text, |sql| sqlformat::format(sql, &QueryParams::None, &options()))?;
        if next == text {
            return same::same(statement, &text).then_some(text);
        }
        text = next;
    }
    None
}

fn options() -> FormatOptions<'static> {
    FormatOptions {
        indent: Indent::Spaces(2),
        max_inline_block: 72,
        max_inline_arguments: Some(72),
        max_inline_top_level: Some(72),
        joins_as_top_level: true,
        dialect: Dialect::PostgreSql,
        ..FormatOptions::default()
    }
}

fn notice(left: &[&Statement]) -> Option<String> {
    let lines: Vec<String> = left.iter().take(5).map(|statement| statement.line.to_string()).collect();
    let more = if left.len() > 5 { " and others" } else { "" };
    (!left.is_empty()).then(|| {
        let line = if left.len() == 1 { "line" } else { "lines" };
        format!("Left as it was: the statement at {line} {}{more}, since formatting would have changed more than its white space.", lines.join(", "))
    })
}

#[cfg(test)]
mod tests;
