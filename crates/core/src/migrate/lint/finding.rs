//! What the linter says of one place in a file, and what it has to know beforehand.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::sql::statement::bare_name;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LintLevel {
    /// It could be better.
    Advice,
    /// It may hurt who works with the database meanwhile, or lose something.
    Warning,
    /// It will not run, or will certainly hurt.
    Error,
}

/// Whose rule it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LintSource {
    Squawk,
    Evaldesk,
}

/// One thing that the linter found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LintFinding {
    pub rule: String,
    pub level: LintLevel,
    pub source: LintSource,
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
    /// What is wrong.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// What to write instead, as SQL. Names in it that only a person can choose are in capitals.
    pub rewrite: Option<String>,
    /// What the rewrite takes the place of, where there is one: the whole statement, without what ends it.
    pub replaces: Option<LintRange>,
    /// The reason for which somebody accepted it, where somebody did.
    pub accepted: Option<String>,
}

/// A part of the text, counted as in a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LintRange {
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

/// What is known of a table of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TableFacts {
    /// An estimate.
    pub rows: i64,
    /// With its indexes and large values.
    pub bytes: i64,
    pub partitioned: bool,
}

/// What the linter has to know beside the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintContext {
    /// The major version of the server that the file is for.
    pub server_major: u32,
    /// Whether the file runs in one transaction.
    pub transactional: bool,
    /// Whether it takes a version back: to drop what that one made is its purpose.
    pub down: bool,
    /// The tables of the database, by name, where a database is at hand; with their schema where they need one.
    pub tables: HashMap<String, TableFacts>,
}

impl Default for LintContext {
    /// A file that goes up in one transaction, on the version that most servers have, of a database that nobody looked at.
    fn default() -> Self {
        Self { server_major: 15, transactional: true, down: false, tables: HashMap::new() }
    }
}

impl LintContext {
    /// What is known of a table, by its name with or without a schema.
    pub fn table(&self, name: &str) -> Option<&TableFacts> {
        self.tables.get(name).or_else(|| self.tables.get(&bare_name(name)))
    }
}

impl TableFacts {
    /// Large enough for a lock of its length to be felt by everybody.
    pub fn is_large(&self) -> bool {
        self.rows >= 100_000 || self.bytes >= 100 << 20
    }

    /// Small enough for everything to be over at once.
    pub fn is_small(&self) -> bool {
        self.rows < 10_000 && self.bytes < 10 << 20
    }

    /// "about 1,204,331 rows, 2.1 GB".
    pub(super) fn words(&self) -> String {
        format!("about {} rows, {}", grouped(self.rows.max(0)), bytes(self.bytes.max(0)))
    }
}

fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

fn bytes(bytes: i64) -> String {
    let mut size = bytes;
    for unit in ["B", "KB", "MB"] {
        if size < 1024 {
            return format!("{size} {unit}");
        }
        if unit == "MB" {
            break;
        }
        size /= 1024;
    }
    format!("{}.{} GB", size / 1024, size % 1024 * 10 / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_said_in_words() {
        let words = |rows, bytes| TableFacts { rows, bytes, partitioned: false }.words();
        assert_eq!(words(1_204_331, 2_300_000_000), "about 1,204,331 rows, 2.1 GB");
        assert_eq!(words(7, 8192), "about 7 rows, 8 KB");
        assert_eq!(words(-1, 12 << 20), "about 0 rows, 12 MB");
    }
}
