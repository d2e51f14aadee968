//! One statement of a plan: what it locks and reads, what it costs, whether it can be rehearsed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::super::Blocks;
use crate::sql::LockMode;

/// Why a statement is in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StatementPurpose {
    /// It stands in the file.
    Migration,
    /// It clears away what a statement that broke off left behind, such as an invalid index.
    Leftover,
    /// It is sent in the place of a statement of the file, which the server would not take as it stands.
    Instead,
    /// It goes before a statement that is sent in the place of another, which takes several of them: an index of a
    /// partitioned table is made on the parent, built on each partition and attached.
    Part,
    /// It keeps the ledger.
    Ledger,
    /// It is no SQL: the line that rake is called with, which runs a file of Ruby and records it.
    Rake,
}

/// A lock that a statement takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlannedLock {
    /// As the server resolves it, with its schema where the search path needs one; as the statement spells it where
    /// there is no such relation yet.
    pub relation: String,
    /// The strongest on this relation.
    pub mode: LockMode,
    /// Whom it keeps waiting; nobody on a relation that the same plan makes.
    pub blocks: Blocks,
    /// In words: "reads go on; every write waits".
    pub words: String,
    /// How many partitions or inheriting tables below it are locked with it.
    pub below: u32,
}

/// Where a statement can be tried without keeping what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Rehearsable {
    /// In a transaction that is rolled back.
    InTransaction,
    /// Not in a transaction: only for real, on a copy of the database.
    OnCopy,
    /// Nowhere: it reaches beyond its database, a copy included.
    Nowhere,
}

/// One statement, as it will be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlannedStatement {
    pub sql: String,
    /// Its number in the file, from 0; `None` for a statement that stands in none.
    pub index: Option<u32>,
    /// The line in the file; 0 for a statement that stands in none.
    pub line: u32,
    pub purpose: StatementPurpose,
    /// The strongest lock by the server's name; `None` where there is none, or it is not known.
    pub lock: Option<String>,
    /// What the strongest lock is on.
    pub relations: Vec<String>,
    /// The worst that it does to anybody.
    pub blocks: Blocks,
    /// That in words.
    pub consequence: String,
    /// Every lock, the strongest first.
    pub locks: Vec<PlannedLock>,
    /// Tables that are written anew, row by row.
    pub rewrites: Vec<String>,
    /// Tables that are read through.
    pub scans: Vec<String>,
    /// Of the tables that it locks, by the server's running count; `None` where none of them is there yet.
    #[ts(type = "number | null")]
    pub rows: Option<i64>,
    /// Of the tables that it locks, with large values and indexes.
    #[ts(type = "number | null")]
    pub bytes: Option<i64>,
    /// What it reads through: 0 for a statement that only touches the catalog, `None` where that is not known.
    #[ts(type = "number | null")]
    pub reads_bytes: Option<i64>,
    /// An estimate in milliseconds, waiting for locks left out; 0 means less than a tenth of a second.
    #[ts(type = "number | null")]
    pub estimate_ms: Option<i64>,
    /// What the estimate stands on, in words.
    pub estimate_basis: String,
    /// What it needs on disk beside what is there, by an estimate; `None` where that is not known.
    #[ts(type = "number | null")]
    pub disk_bytes: Option<i64>,
    /// What is built concurrently waits until every transaction of the database that is older than it has ended.
    pub waits_for_snapshots: bool,
    pub rehearsable: Rehearsable,
}

impl PlannedStatement {
    /// What Ruby does shows only when it runs; anything else stays as it is.
    pub(super) fn known_to_ruby_alone(self) -> Self {
        if self.purpose != StatementPurpose::Rake {
            return self;
        }
        let consequence = "Ruby: what it locks shows only when it runs".to_owned();
        Self { consequence, rehearsable: Rehearsable::Nowhere, ..self }
    }
}
