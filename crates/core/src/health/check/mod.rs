//! The checks behind "needs attention": one file each, all answering in the same words.

mod index;
mod run_all;
mod server;
mod stuck;
mod table;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub(super) use run_all::{Subject, run_all};

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// "stuck runs", "invalid indexes": what was looked at.
    pub name: String,
    pub state: CheckState,
    /// What was found, or why it was skipped.
    pub why: String,
}

/// The answer of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    Ok,
    Attention,
    Failed,
    /// It could not be looked at.
    Skipped,
}

/// One thing that needs attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Attention {
    pub severity: Severity,
    pub title: String,
    pub detail: String,
    pub action: Option<AttentionAction>,
    pub object: Option<ObjectName>,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Something is broken.
    Failed,
    /// Something will be.
    Attention,
}

/// What can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AttentionAction {
    Vacuum,
    Analyze,
    Reindex,
    Migrate,
    /// Open the runs list with the stuck ones.
    ShowRuns,
    /// Open the list of sessions.
    ShowActivity,
}

/// What it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ObjectName {
    /// "table", "index", "run", "session", "server".
    pub kind: String,
    pub schema: Option<String>,
    pub name: String,
}

/// What a check answers before it is told to the user.
pub(super) enum Answer {
    Ok(String),
    Found(Vec<Attention>),
    Skipped(String),
}

impl Attention {
    fn new(severity: Severity, title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity, title: title.into(), detail: detail.into(), action: None, object: None }
    }

    fn action(mut self, action: AttentionAction) -> Self {
        self.action = Some(action);
        self
    }

    fn object(mut self, kind: &str, schema: Option<&str>, name: &str) -> Self {
        self.object = Some(ObjectName {
            kind: kind.to_owned(),
            schema: schema.map(str::to_owned),
            name: name.to_owned(),
        });
        self
    }
}
