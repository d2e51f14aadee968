//! A saved query as it is listed and read.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A file of the folder, or one of the starter set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryFile {
    /// From the folder on, with `/` between its parts; of the starter set with `starter:` before it.
    pub path: String,
    /// The file's name without its ending.
    pub title: String,
    /// Compiled in, and read-only.
    pub starter: bool,
    /// The connection that the file says it is for, by id or name.
    pub connection: Option<String>,
    /// The parameters that the file names, with what they usually are.
    pub parameters: Vec<QueryFileParameter>,
    /// The question that it answers.
    pub answers: Option<String>,
    /// Of the starter set: which errors of the guide it corrects, and how.
    pub corrects: Option<String>,
    /// The extension that it needs.
    pub needs: Option<String>,
    pub server: Option<ServerRange>,
    pub bytes: u64,
    /// When it was last written: UTC, ISO 8601.
    pub modified_at: Option<String>,
    /// Why it cannot be read, where it cannot.
    pub problem: Option<String>,
}

/// A parameter as a file names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryFileParameter {
    pub name: String,
    pub value: Option<String>,
}

/// The majors of PostgreSQL that a query is for, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServerRange {
    pub from: u32,
    pub to: Option<u32>,
}

impl ServerRange {
    /// Whether a server's major version is among them.
    pub fn has(&self, major: u32) -> bool {
        self.from <= major && self.to.is_none_or(|to| major <= to)
    }
}

/// A file with its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryFileText {
    pub file: QueryFile,
    /// Lines end in a line feed; saving puts back what the file had.
    pub text: String,
    /// What the file was when it was read, to be given back when it is saved. Empty for the starter set.
    pub stamp: String,
}
