//! What dies with a plan: tables, columns, indexes and whatever else it drops, with rows and bytes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::super::Version;
use super::doomed_kind::DoomedKind;
use super::made::Made;
use super::reading::Reading;
use super::relations::{Relation, Relations, Relative};
use super::statements::ReadStep;
use super::{Direction, Step};
use crate::sql::statement::{Kin, Object, ObjectKind, bare_name};

/// Something that a plan drops. The plan's hash has its name and not its size: rows come and go while a person reads.
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
        let rows = self.rows.map_or(String::new(), |rows| match rows {
            1 => " with about 1 row".to_owned(),
            rows => format!(" with about {rows} rows"),
        });
        let with = self.with.as_deref().map_or(String::new(), |with| format!(" (with {with})"));
        format!("{} {}{rows}{with}", self.kind.word(), self.name)
    }
}

/// What these steps drop, each thing once, with what falls with it. What is not there cannot die.
pub(super) fn doomed(steps: &[ReadStep<'_>], relations: &Relations) -> Vec<Doomed> {
    let mut made = Made::default();
    let mut found: Vec<Doomed> = Vec::new();
    for (step, reading) in steps.iter().flat_map(ReadStep::readings) {
        let here = Here { relations, made: &made, step };
        for one in here.of(reading) {
            let known = found.iter().any(|other| (other.kind, &other.name) == (one.kind, &one.name));
            // What stands below a table that dies is counted with it.
            if !known && !found.iter().any(|other| other.holds(&one)) {
                found.push(one);
            }
        }
        made.note(&reading.effects);
    }
    found
}

impl Doomed {
    fn holds(&self, part: &Self) -> bool {
        let within = part.name.strip_prefix(self.name.as_str()).is_some_and(|rest| rest.starts_with('.'));
        self.kind == DoomedKind::Table && within
    }
}

/// What is needed to weigh what a statement drops.
struct Here<'a> {
    relations: &'a Relations,
    made: &'a Made,
    step: &'a Step<'a>,
}

impl Here<'_> {
    fn of(&self, reading: &Reading) -> Vec<Doomed> {
        let mut found: Vec<_> =
            reading.effects.drops.iter().flat_map(|object| self.dropped(object)).collect();
        found.extend(self.unknown(reading));
        let emptied = |name: &String| {
            let table = self.made.find(name, self.relations)?;
            // One that was never used dies unnoticed.
            (table.rows > 0).then(|| self.table(DoomedKind::Rows, table))
        };
        found.extend(reading.empties.iter().filter_map(emptied));
        let cascades = reading
            .effects
            .touches
            .iter()
            .filter(|touch| touch.spreads.iter().any(|spread| spread.to == Kin::Dependants));
        let tables = cascades.filter_map(|touch| self.made.find(&touch.relation, self.relations));
        found.extend(tables.flat_map(|table| self.with(table)));
        found
    }

    /// Of what goes up and cannot be read nothing is feared.
    fn unknown(&self, reading: &Reading) -> Option<Doomed> {
        let blind = self.step.direction == Direction::Down && reading.is_unknown();
        let file = blind.then(|| self.step.script().ok().map(|script| script.file.clone()))??;
        Some(self.one(DoomedKind::Unknown, file, None, None))
    }

    fn dropped(&self, object: &Object) -> Vec<Doomed> {
        let find = |name: &str| self.made.find(name, self.relations);
        match object.of_table.as_deref() {
            Some(table) => find(table).map_or_else(Vec::new, |table| self.part(object, table)),
            None => match (object.kind, find(&object.name)) {
                (ObjectKind::Table | ObjectKind::MaterializedView, Some(table)) => {
                    vec![self.table(object.kind.into(), table)]
                }
                (ObjectKind::Index, Some(index)) => {
                    vec![self.one(DoomedKind::Index, index.shown.clone(), None, Some(index.heap_bytes))]
                }
                (ObjectKind::View | ObjectKind::Sequence, Some(found)) => {
                    vec![self.one(object.kind.into(), found.shown.clone(), None, None)]
                }
                (ObjectKind::Table | ObjectKind::MaterializedView | ObjectKind::Index, None) => Vec::new(),
                (ObjectKind::View | ObjectKind::Sequence, None) => Vec::new(),
                (kind, _) => vec![self.one(kind.into(), object.name.clone(), None, None)],
            },
        }
    }

    /// Something of a table that stays.
    fn part(&self, object: &Object, table: &Relation) -> Vec<Doomed> {
        let name = bare_name(&object.name);
        let shown = format!("{}.{name}", table.shown);
        match object.kind {
            ObjectKind::Column => {
                let Some((rows, bytes)) = values(table, &name) else { return Vec::new() };
                let mut found = vec![self.one(DoomedKind::Column, shown.clone(), Some(rows), Some(bytes))];
                let on_it = |index: &&Relative| index.columns.iter().flatten().any(|column| *column == name);
                let falls =
                    |index: &Relative| self.falls(DoomedKind::Index, index, &format!("column {shown}"));
                found.extend(table.kin("indexes").filter(on_it).map(falls));
                found
            }
            ObjectKind::Constraint => {
                let index = table.kin("constraint").find(|one| one.name.as_deref() == Some(name.as_str()));
                let bytes = index.filter(|index| index.relkind == "i").map(|index| index.bytes);
                vec![self.one(DoomedKind::Constraint, shown, None, bytes)]
            }
            kind => vec![self.one(kind.into(), shown, None, None)],
        }
    }

    /// What goes with a table by `cascade`.
    fn with(&self, table: &Relation) -> Vec<Doomed> {
        let with = format!("table {}", table.shown);
        let views = table.kin("dependants").map(|view| {
            let kind = if view.relkind == "m" { DoomedKind::MaterializedView } else { DoomedKind::View };
            self.falls(kind, view, &with)
        });
        let keys = table.kin("referencing").filter_map(|key| {
            let name = format!("{}.{}", key.shown, key.name.as_deref()?);
            Some(Doomed { with: Some(with.clone()), ..self.one(DoomedKind::Constraint, name, None, None) })
        });
        views.chain(keys).collect()
    }

    fn falls(&self, kind: DoomedKind, relative: &Relative, with: &str) -> Doomed {
        let bytes = (kind != DoomedKind::View).then_some(relative.bytes);
        Doomed { with: Some(with.to_owned()), ..self.one(kind, relative.shown.clone(), None, bytes) }
    }

    fn table(&self, kind: DoomedKind, table: &Relation) -> Doomed {
        self.one(kind, table.shown.clone(), Some(table.rows), Some(table.total_bytes()))
    }

    fn one(&self, kind: DoomedKind, name: String, rows: Option<i64>, bytes: Option<i64>) -> Doomed {
        Doomed { kind, name, rows, bytes, version: self.step.migration.version.clone(), with: None }
    }
}

/// Rows with a value in a column, and what their values weigh.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
fn values(table: &Relation, name: &str) -> Option<(i64, i64)> {
    let column = table.column(name)?;
    let rows = table.rows as f64 * (1.0 - column.nulls);
    Some((rows.round() as i64, (rows * column.width).round() as i64))
}
