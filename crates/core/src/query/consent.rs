//! What a guarded run asks before it starts, and the answer to it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What would happen, for the user to agree to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryGuardPlan {
    pub statements: Vec<QueryGuardStatement>,
    /// The name to type, on production.
    pub name: Option<String>,
    /// What an answer refers to: it changes with the text, the connection and the objects.
    pub hash: String,
}

/// One statement that is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryGuardStatement {
    /// Its place in the script, from 0.
    pub index: u32,
    /// Its first 400 characters.
    pub sql: String,
    /// "delete", "drop table".
    pub verb: String,
    /// The object that it changes, where it is one.
    pub target: Option<String>,
    pub rows: Option<i64>,
    pub bytes: Option<i64>,
    /// Whether rows and bytes are the planner's estimate.
    pub estimated: bool,
    /// Why it is asked about.
    pub why: String,
}

/// The user's answer to a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryConsent {
    pub hash: String,
    /// The name that was typed.
    #[serde(default)]
    pub name: Option<String>,
}
