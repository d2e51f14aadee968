//! One difference, as a person reads it.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What sort of object differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DriftObjectKind {
    Extension,
    Type,
    Sequence,
    Table,
    Column,
    Constraint,
    Index,
    Trigger,
    Policy,
    Statistics,
    View,
    Routine,
}

/// The object that differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DriftObject {
    /// The table that it belongs to, where it belongs to one.
    pub table: Option<String>,
    pub kind: DriftObjectKind,
    /// Its name where it is; an index that is missing goes by the name the files give it.
    pub name: String,
}

/// Which way it differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DriftKind {
    /// The files make it, and the database does not have it.
    Missing,
    /// The database has it, and no file makes it.
    Extra,
    /// Both have it, each its own.
    Differs,
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DriftSeverity {
    /// Nothing stops working.
    Note,
    /// Slower, or less safe, than the files promise.
    Attention,
    /// What the files promise is not there: statements fail.
    Broken,
}

/// One difference between what the files make and what the database has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    pub object: DriftObject,
    pub kind: DriftKind,
    pub severity: DriftSeverity,
    /// What the files make of it.
    pub expected: Option<String>,
    /// What the database has.
    pub actual: Option<String>,
    /// What makes the database what the files say.
    pub mend_database: Vec<String>,
    /// What a new migration would say for the files to make what the database has.
    pub mend_files: Vec<String>,
    /// Why it is no drift though it differs.
    pub equivalent: Option<String>,
    /// Why it is so, or what to look at, where that is not plain.
    pub note: Option<String>,
}

impl DriftObject {
    /// An object of its own.
    pub(super) fn new(kind: DriftObjectKind, name: impl fmt::Display) -> Self {
        Self { table: None, kind, name: name.to_string() }
    }

    /// A part of a table.
    pub(super) fn of(table: impl fmt::Display, kind: DriftObjectKind, name: impl Into<String>) -> Self {
        Self { table: Some(table.to_string()), kind, name: name.into() }
    }
}

impl Difference {
    /// The files make it and the database has none.
    pub(super) fn missing(object: DriftObject, expected: impl Into<String>) -> Self {
        Self::new(object, DriftKind::Missing, Some(expected.into()), None)
    }

    /// The database has it and the files make none.
    pub(super) fn extra(object: DriftObject, actual: impl Into<String>) -> Self {
        Self::new(object, DriftKind::Extra, None, Some(actual.into()))
    }

    /// Both have one.
    pub(super) fn differs(
        object: DriftObject,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) -> Self {
        Self::new(object, DriftKind::Differs, Some(expected.into()), Some(actual.into()))
    }

    fn new(object: DriftObject, kind: DriftKind, expected: Option<String>, actual: Option<String>) -> Self {
        Self {
            object,
            kind,
            severity: DriftSeverity::Attention,
            expected,
            actual,
            mend_database: Vec::new(),
            mend_files: Vec::new(),
            equivalent: None,
            note: None,
        }
    }

    pub(super) fn weighing(mut self, severity: DriftSeverity) -> Self {
        self.severity = severity;
        self
    }

    pub(super) fn mend_database(mut self, sql: impl IntoIterator<Item = String>) -> Self {
        self.mend_database.extend(sql);
        self
    }

    pub(super) fn mend_files(mut self, sql: impl IntoIterator<Item = String>) -> Self {
        self.mend_files.extend(sql);
        self
    }

    pub(super) fn noting(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// It is no drift: then nothing needs mending.
    pub(super) fn equivalent(mut self, why: impl Into<String>) -> Self {
        self.equivalent = Some(why.into());
        self.severity = DriftSeverity::Note;
        self.mend_database.clear();
        self.mend_files.clear();
        self
    }

    /// Whether it is drift.
    pub fn is_drift(&self) -> bool {
        self.equivalent.is_none()
    }
}

impl fmt::Display for Difference {
    /// "index index_a_on_b of evaluation_runs is missing".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.object.kind {
            DriftObjectKind::Extension => "extension",
            DriftObjectKind::Type => "type",
            DriftObjectKind::Sequence => "sequence",
            DriftObjectKind::Table => "table",
            DriftObjectKind::Column => "column",
            DriftObjectKind::Constraint => "constraint",
            DriftObjectKind::Index => "index",
            DriftObjectKind::Trigger => "trigger",
            DriftObjectKind::Policy => "policy",
            DriftObjectKind::Statistics => "statistics",
            DriftObjectKind::View => "view",
            DriftObjectKind::Routine => "routine",
        };
        let of = self.object.table.as_ref().map_or(String::new(), |table| format!(" of {table}"));
        let how = match self.kind {
            DriftKind::Missing => "is missing",
            DriftKind::Extra => "is made by no migration here",
            DriftKind::Differs => "differs",
        };
        write!(f, "{kind} {}{of} {how}", self.object.name)
    }
}
