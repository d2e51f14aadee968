//! What dies with a plan: tables, columns, indexes and whatever else it drops, with rows and bytes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::super::Version;
use super::reading::Dropped;
use super::relations::{Relation, Relations};
use super::statements::ReadStep;

/// What kind of thing dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DoomedKind {
    Table,
    /// The rows of a table that stays.
    Rows,
    Column,
    Index,
    Constraint,
    View,
    MaterializedView,
    Sequence,
    Trigger,
    Function,
    Type,
    Schema,
    Extension,
    Other,
}

/// Something that a plan drops. Outside of the plan's hash: rows come and go while a person reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Doomed {
    pub kind: DoomedKind,
    /// "evaluation_scores", "evaluation_results.score_version".
    pub name: String,
    /// By the server's running count, not counted out; of a column, those that have a value. `None` for what has none.
    #[ts(type = "number | null")]
    pub rows: Option<i64>,
    /// Of a table with its indexes and large values; of a column by its average width.
    #[ts(type = "number | null")]
    pub bytes: Option<i64>,
    /// The version that drops it.
    pub version: Version,
    /// It is not named by a statement: it falls with something else (`cascade`, a table's own trigger).
    pub with: Option<String>,
}

impl Doomed {
    /// "table evaluation_scores with about 842117 rows".
    pub fn in_words(&self) -> String {
        let rows = self.rows.map_or(String::new(), |rows| format!(" with about {rows} rows"));
        let with = self.with.as_deref().map_or(String::new(), |with| format!(" (with {with})"));
        format!("{} {}{rows}{with}", self.kind.word(), self.name)
    }
}

impl DoomedKind {
    /// Whether what dies cannot be made again by running statements: an index can.
    pub fn is_data(self) -> bool {
        matches!(
            self,
            Self::Table
                | Self::Rows
                | Self::Column
                | Self::Sequence
                | Self::Schema
                | Self::Extension
                | Self::Other
        )
    }

    /// What people call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Rows => "rows of",
            Self::Column => "column",
            Self::Index => "index",
            Self::Constraint => "constraint",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Sequence => "sequence",
            Self::Trigger => "trigger",
            Self::Function => "function",
            Self::Type => "type",
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Other => "object",
        }
    }
}

/// What these steps drop, each thing once. What is not there cannot die.
pub(super) fn doomed(steps: &[ReadStep<'_>], relations: &Relations) -> Vec<Doomed> {
    let mut found: Vec<Doomed> = Vec::new();
    for (step, reading) in steps.iter().flat_map(ReadStep::readings) {
        for dropped in &reading.drops {
            let one = dropped.weighed(relations, &step.migration.version);
            let known =
                |one: &Doomed| found.iter().any(|other| (other.kind, &other.name) == (one.kind, &one.name));
            if let Some(one) = one.filter(|one| !known(one)) {
                found.push(one);
            }
        }
    }
    found
}

impl Dropped {
    fn weighed(&self, relations: &Relations, version: &Version) -> Option<Doomed> {
        let doomed = |name: String, rows, bytes| {
            Some(Doomed { kind: self.kind, name, rows, bytes, version: version.clone(), with: None })
        };
        match self.kind {
            DoomedKind::Column => {
                let table = relations.get(self.of_table.as_deref()?)?;
                let (rows, bytes) = column(table, &self.name)?;
                doomed(format!("{}.{}", table.shown, self.name), Some(rows), Some(bytes))
            }
            DoomedKind::Table | DoomedKind::Rows | DoomedKind::MaterializedView => {
                let table = relations.get(&self.name)?;
                doomed(table.shown.clone(), Some(table.rows), Some(table.total_bytes()))
            }
            DoomedKind::Index => {
                let index = relations.get(&self.name)?;
                doomed(index.shown.clone(), None, Some(index.heap_bytes))
            }
            DoomedKind::View | DoomedKind::Sequence => {
                doomed(relations.get(&self.name)?.shown.clone(), None, None)
            }
            _ => doomed(self.described(relations), None, None),
        }
    }

    fn described(&self, relations: &Relations) -> String {
        match &self.of_table {
            Some(table) => format!("{} of {}", self.name, relations.shown(table)),
            None => self.name.clone(),
        }
    }
}

/// Rows with a value, and what their values weigh.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
fn column(table: &Relation, name: &str) -> Option<(i64, i64)> {
    let (width, part) = table.column(name)?;
    let rows = table.rows as f64 * part;
    Some((rows.round() as i64, (rows * width).round() as i64))
}
