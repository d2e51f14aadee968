//! What a statement is about, before any database is asked.

use std::collections::HashSet;

use super::super::impact::{builds_concurrently, drops, impact};
use super::super::{Blocks, Impact};
use super::{DoomedKind, Rehearsable};
use crate::sql::LockMode;

/// A statement as it was read.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) impact: Impact,
    /// Each relation as the statement spells it.
    pub(super) locks: Vec<(String, LockMode)>,
    pub(super) rewrites: Vec<String>,
    pub(super) scans: Vec<String>,
    pub(super) drops: Vec<Dropped>,
    /// The index that it builds.
    pub(super) builds: Option<Build>,
    pub(super) rehearsable: Rehearsable,
    /// Nobody can tell beforehand what it does.
    pub(super) unknown: bool,
}

/// Something that a statement drops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dropped {
    pub(super) kind: DoomedKind,
    pub(super) name: String,
    pub(super) of_table: Option<String>,
}

/// An index that a statement builds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Build {
    /// Absent where the server finds a name itself.
    pub(super) name: Option<String>,
    pub(super) table: String,
    pub(super) concurrently: bool,
    /// "btree", "gin".
    pub(super) method: String,
    /// The columns in it; an expression has no name.
    pub(super) columns: Vec<Option<String>>,
}

impl Reading {
    /// Reads one. `new_tables` are those that the plan made before it, and grows by what it makes.
    pub(super) fn of(sql: &str, new_tables: &mut HashSet<String>) -> Self {
        let impact = impact(sql, new_tables);
        let mode = impact.lock.as_deref().and_then(LockMode::parse);
        let locks = mode.map_or_else(Vec::new, |mode| {
            impact.relations.iter().map(|relation| (relation.clone(), mode)).collect()
        });
        let dropped = |name| Dropped { kind: DoomedKind::Table, name, of_table: None };
        let table = impact.relations.first().cloned().unwrap_or_default();
        let build = |name| Build { name: Some(name), table, concurrently: true, ..Build::default() };
        let builds = builds_concurrently(sql).map(build);
        Self {
            locks,
            rewrites: Vec::new(),
            scans: builds.iter().map(|build| build.table.clone()).collect(),
            drops: drops(sql).into_iter().map(dropped).collect(),
            rehearsable: if builds.is_some() { Rehearsable::OnCopy } else { Rehearsable::InTransaction },
            builds,
            unknown: impact.blocks == Blocks::Unknown,
            impact,
        }
    }

    /// Whether nobody waits for it, whatever it locks.
    pub(super) fn is_harmless(&self) -> bool {
        self.impact.blocks == Blocks::Nobody
    }
}
