//! What a comparison came to.

use std::time::Instant;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::catalog::drift::Difference;
use crate::migrate::Version;
use crate::migrate::file::Migration;
use crate::sql::statement::{bare_name, describe};

/// Whether there is drift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DriftStatus {
    /// The database has what the migrations make, or its equivalent.
    Same,
    Differs,
    /// Nothing was compared.
    Skipped {
        why: String,
    },
}

/// The comparison of one database with its migrations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DriftReport {
    pub status: DriftStatus,
    /// The versions that make what is expected, oldest first.
    pub versions: Vec<Version>,
    /// What is drift.
    pub differences: Vec<Difference>,
    /// What differs and is none, each with why.
    pub equivalents: Vec<Difference>,
    /// Of what the migrations make; names of indexes and constraints do not count.
    pub fingerprint_expected: Option<String>,
    pub fingerprint_actual: Option<String>,
    #[ts(type = "number")]
    pub took_ms: u64,
}

impl DriftReport {
    pub(super) fn begin(applied: &[&Migration]) -> Self {
        Self {
            status: DriftStatus::Same,
            versions: applied.iter().map(|migration| migration.version.clone()).collect(),
            differences: Vec::new(),
            equivalents: Vec::new(),
            fingerprint_expected: None,
            fingerprint_actual: None,
            took_ms: 0,
        }
    }

    pub(super) fn skipped(mut self, why: impl Into<String>) -> Self {
        self.status = DriftStatus::Skipped { why: why.into() };
        self
    }

    pub(super) fn after(mut self, started: Instant) -> Self {
        self.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self
    }

    /// The part of it that one version's statements speak of, by the tables and other objects that they name.
    #[must_use]
    pub fn of(mut self, migration: &Migration) -> Self {
        let named = names(migration);
        let concerns = |one: &Difference| {
            let object = one.object.table.as_ref().unwrap_or(&one.object.name);
            named.contains(&bare_name(object))
        };
        self.differences.retain(concerns);
        self.equivalents.retain(concerns);
        if self.status == DriftStatus::Differs && self.differences.is_empty() {
            self.status = DriftStatus::Same;
        }
        self
    }
}

/// Every name that a version's up file makes, drops or touches, without its schema.
fn names(migration: &Migration) -> Vec<String> {
    let mut names = Vec::new();
    for statement in &migration.up.statements {
        let effects = describe(&statement.text);
        names.extend(effects.creates.iter().chain(&effects.drops).map(|object| bare_name(&object.name)));
        names.extend(effects.touches.iter().map(|touch| bare_name(&touch.relation)));
    }
    names
}
