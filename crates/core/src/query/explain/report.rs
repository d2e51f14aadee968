//! What an explanation says, as it travels.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::plan::ExplainPlan;
use crate::query::QueryGuardPlan;

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum ExplainReply {
    Explained {
        report: Box<ExplainReport>,
    },
    /// To be measured it has to be run, and it is not proven to be a read: nothing was sent.
    Writes {
        why: String,
    },
    /// Nothing runs before this is agreed to.
    Asks {
        plan: QueryGuardPlan,
    },
}

/// What came of stopping an explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainStopped {
    /// Whether it has ended; otherwise the server goes on with it.
    pub over: bool,
    /// The server's process that runs it.
    pub pid: Option<i32>,
}

/// A statement explained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainReport {
    /// The statement, without the `explain` that it may have begun with.
    pub sql: String,
    /// Where it stands in the text, in UTF-16 units from 0.
    pub from: u32,
    pub to: u32,
    /// From 1.
    pub line: u32,
    /// The server's version, "15.18".
    pub server: String,
    pub ran: ExplainRan,
    /// How long the statement may run, where it ran; 0 is without end.
    pub limit_ms: Option<u32>,
    /// Why nothing was measured although it was asked for.
    pub stopped: Option<String>,
    pub parameters: ExplainParameters,
    /// What a reader has to know besides: what a rollback does not undo, what was left out.
    pub notes: Vec<String>,
    pub plan: ExplainPlan,
    /// As psql would print it.
    pub text: String,
    /// As the server sent it.
    pub json: String,
    /// By weight.
    pub warnings: Vec<ExplainWarning>,
    /// What the planner would do without sequential scans; absent where it has none.
    pub without_seq_scan: Option<ExplainAlternative>,
    pub rewrite: Option<ExplainRewrite>,
    /// Indexes that would help; those that HypoPG says the planner would not take are left out.
    pub indexes: Vec<ExplainIndex>,
}

/// Whether the statement was run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExplainRan {
    /// It was planned alone.
    Planned,
    /// It was run in a transaction that may only read.
    ReadOnly,
    /// It was run, and its transaction rolled back.
    RolledBack,
}

/// What stood for the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExplainParameters {
    /// It has none.
    None,
    /// The values that were given.
    Values,
    /// Nothing: the plan holds for any values.
    Generic,
}

/// What makes it slow, or does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainWarning {
    /// The rule's name: "containment", "spilled_sort".
    pub rule: String,
    pub level: ExplainLevel,
    pub node: Option<u32>,
    /// One sentence.
    pub title: String,
    /// The rest, with the evidence.
    pub text: String,
    /// What may help, as SQL.
    pub sql: Option<String>,
    /// The part of the whole that is at stake, 0 to 1.
    pub weight: f64,
}

/// How much a warning matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExplainLevel {
    /// This is where the time goes.
    Failed,
    Attention,
    /// Nothing to mend.
    Note,
}

/// The same statement planned another way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainAlternative {
    /// The verdict in words.
    pub words: String,
    pub cost_now: f64,
    pub cost: f64,
    /// Measured, where both were run.
    pub ms_now: Option<f64>,
    pub ms: Option<f64>,
    /// The indexes that it uses and the plan does not.
    pub indexes: Vec<String>,
    /// Whether a sequential scan is left all the same: there is no other way to those tables.
    pub still_scans: bool,
    /// Where the caller asked for it.
    pub shown: Option<ExplainShown>,
}

/// A plan that stands beside the statement's own, in all its forms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainShown {
    pub plan: ExplainPlan,
    /// As psql would print it.
    pub text: String,
    /// As the server sent it.
    pub json: String,
}

/// The statement written so that an index can serve it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainRewrite {
    pub node: u32,
    /// "The GIN index i on column".
    pub index: String,
    /// The condition as it stands.
    pub before: String,
    pub after: String,
    /// Where `before` stands in the text, in UTF-16 units from 0; `after` goes there.
    pub from: u32,
    pub to: u32,
    /// The whole statement, rewritten.
    pub sql: String,
    /// What it means otherwise, where it does.
    pub note: Option<String>,
    pub check: ExplainCheck,
    /// Absent where it gives other rows: then nothing is to be gained.
    pub gain: Option<ExplainGain>,
}

/// Whether both ways give the same rows. Only `same` is to be offered for use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ExplainCheck {
    /// Both were run on one snapshot: as many rows, and the same.
    Same {
        rows: u64,
    },
    /// They are not the same statement here.
    Different {
        rows: u64,
        rewritten: u64,
    },
    NotChecked {
        why: String,
    },
}

/// What a rewrite comes to beside the statement as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainGain {
    pub verdict: ExplainVerdict,
    /// What a reader has to know besides the figures; empty where they say it all.
    pub words: String,
    /// The planner's guesses.
    pub cost_before: f64,
    pub cost: f64,
    pub measured: Option<ExplainMeasuredGain>,
    pub shown: ExplainShown,
}

/// Both ways as ANALYZE measured them, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainMeasuredGain {
    pub ms_before: f64,
    /// Whether the statement was stopped: it takes longer than `ms_before`, which is the limit.
    pub before_stopped: bool,
    pub ms: f64,
    /// Bytes touched; absent where they were not counted.
    pub touched_before: Option<u64>,
    pub touched: Option<u64>,
}

/// Whether a rewrite is for the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExplainVerdict {
    /// It was not run: there are costs alone.
    Guessed,
    Better,
    /// Slower, or it reads more: it is not advised.
    Worse,
}

impl ExplainRewrite {
    /// Whether it may help: it is known to give other rows, or to be slower, where it may not.
    pub fn may_help(&self) -> bool {
        self.gain.as_ref().is_some_and(|gain| gain.verdict != ExplainVerdict::Worse)
    }
}

/// An index that would help.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainIndex {
    pub node: u32,
    pub purpose: ExplainPurpose,
    /// Whether it is for the rewritten statement: beside that it helps, and alone it does not.
    pub rewritten: bool,
    /// "For data @> …".
    pub why: String,
    pub sql: String,
    /// About; absent where nobody can tell.
    pub bytes: Option<u64>,
    pub check: ExplainIndexCheck,
}

/// What an index is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExplainPurpose {
    Filter,
    /// Its rows come sorted.
    Order,
    Join,
}

/// Whether the planner would take an index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum ExplainIndexCheck {
    /// HypoPG showed it to the planner, who takes it.
    Taken {
        cost_before: f64,
        cost: f64,
    },
    NotChecked {
        why: String,
    },
}
