//! What a tab is doing, as it travels.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::catalog::TableName;
use crate::error::ErrorReport;

/// How far the newest run of a tab is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum QueryPhase {
    #[default]
    Idle,
    Connecting,
    Running,
    /// The server has been asked to cancel.
    Cancelling,
    /// It was asked and goes on: terminating the session is what is left.
    StillRunning,
    /// The session is gone.
    Lost,
}

/// Whether the session is in a transaction that a statement of the user's began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TransactionState {
    #[default]
    None,
    Open,
    /// A statement failed in it: only a rollback helps.
    Failed,
}

/// What became of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum StatementOutcome {
    #[default]
    Waiting,
    Running,
    Done,
    Failed,
    Cancelled,
    /// One before it failed or was cancelled.
    Skipped,
}

/// Everything there is to know of a tab now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryState {
    pub tab: String,
    /// The connection it belongs to for life; empty before its first run.
    pub connection: String,
    /// What a pooler that shares the server's sessions means for what runs here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pooler: Option<String>,
    /// Counts the runs of the tab, from 1; 0 before the first.
    pub run: u32,
    pub phase: QueryPhase,
    /// How long the newest run has taken, or took.
    pub elapsed_ms: u64,
    /// The server process of the session, while it is open.
    pub pid: Option<i32>,
    pub transaction: TransactionState,
    /// How long the transaction has been open.
    pub transaction_ms: Option<u64>,
    /// When an open transaction that nobody uses is rolled back, from now.
    pub rollback_in_ms: Option<u64>,
    /// The statements of the run; of many the first, those around the one that runs, and those that failed.
    pub statements: Vec<QueryStatement>,
    /// How many there are.
    pub statement_count: u32,
    pub results: Vec<QueryResult>,
    pub notices: Vec<QueryNotice>,
    /// Notices beyond those that are kept.
    pub notices_dropped: u64,
    /// What went wrong with the session rather than with a statement.
    pub error: Option<ErrorReport>,
    /// Bytes of all results of the tab.
    pub stored_bytes: u64,
    /// Those of them that are in files.
    pub spilled_bytes: u64,
}

/// One statement of the newest run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryStatement {
    pub index: u32,
    /// Its first 200 characters.
    pub sql: String,
    /// The line of the text that it starts on, from 1.
    pub line: u32,
    /// Where it stands in the text, in UTF-16 units from 0.
    pub from: u32,
    pub to: u32,
    pub outcome: StatementOutcome,
    /// As psql says it: "UPDATE 3".
    pub tag: Option<String>,
    /// Rows that came or were changed.
    pub rows: Option<u64>,
    pub duration_ms: Option<u64>,
    /// When its first row was there, from its start.
    pub first_row_ms: Option<u64>,
    /// The id of its result.
    pub result: Option<String>,
    /// Its `position` is a UTF-16 unit of the whole text, from 0.
    pub error: Option<ErrorReport>,
}

/// The rows of one statement, so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryResult {
    pub id: String,
    /// The statement's index.
    pub statement: u32,
    pub columns: Vec<QueryColumn>,
    /// Rows that can be read now.
    pub rows: u64,
    /// Whether these are all.
    pub complete: bool,
    /// Why these are not all and no more will come.
    pub stopped: Option<String>,
    pub bytes: u64,
    /// How many rows the planner expects, where it could be asked while they come.
    pub estimate: Option<u64>,
    /// How far a sort or a filter of it is, in percent, while one is made.
    pub arranged: Option<u32>,
    pub edit: QueryEditable,
}

/// What sort of values a column has, as far as they are shown differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ColumnKind {
    Number,
    Text,
    Boolean,
    Json,
    Timestamp,
    Timestamptz,
    Binary,
    Other,
}

/// One column of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryColumn {
    pub name: String,
    /// As `format_type` says it.
    pub type_name: String,
    pub kind: ColumnKind,
    /// The table it comes from, where it comes from one unchanged.
    pub table: Option<TableName>,
    /// Its name in that table.
    pub column: Option<String>,
}

/// Whether the cells of a result can be edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum QueryEditable {
    Editable { table: TableName, key: Vec<String> },
    Not { why: String },
}

/// A message that the server sent beside the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryNotice {
    /// "warning", "notice", "info", "debug"; "session" where it is ours.
    pub level: String,
    pub message: String,
    /// The statement's index.
    pub statement: u32,
}
