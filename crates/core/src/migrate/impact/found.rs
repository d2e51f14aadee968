//! What was found about a statement, and the four ways it can turn out.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whom a lock keeps waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Blocks {
    Nobody,
    Writes,
    ReadsAndWrites,
    Unknown,
}

/// What a statement locks, and whom that stops.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Impact {
    /// The server's name of the strongest lock; `None` where there is none, or it is not known.
    pub lock: Option<String>,
    /// What it is on, as the statement spells it.
    pub relations: Vec<String>,
    pub blocks: Blocks,
    /// In words.
    pub consequence: String,
}

pub(super) const SHARE_UPDATE: &str = "SHARE UPDATE EXCLUSIVE";
pub(super) const SHARE: &str = "SHARE";
pub(super) const SHARE_ROW: &str = "SHARE ROW EXCLUSIVE";
pub(super) const EXCLUSIVE: &str = "EXCLUSIVE";
pub(super) const ACCESS: &str = "ACCESS EXCLUSIVE";

pub(super) fn goes_on(lock: &str, relations: Vec<String>) -> Impact {
    Impact {
        lock: Some(lock.into()),
        relations,
        blocks: Blocks::Nobody,
        consequence: "reads and writes go on".into(),
    }
}

pub(super) fn stops_writes(lock: &str, relations: Vec<String>) -> Impact {
    let consequence = match relations.as_slice() {
        [_] => "every write waits".to_owned(),
        several => format!("writes to {} tables wait", several.len()),
    };
    Impact { lock: Some(lock.into()), relations, blocks: Blocks::Writes, consequence }
}

pub(super) fn stops_all(relations: Vec<String>) -> Impact {
    let consequence = "reads and writes wait".to_owned();
    Impact { lock: Some(ACCESS.into()), relations, blocks: Blocks::ReadsAndWrites, consequence }
}

pub(super) fn plain(consequence: &str) -> Impact {
    Impact { lock: None, relations: Vec::new(), blocks: Blocks::Nobody, consequence: consequence.into() }
}

pub(super) fn unknown() -> Impact {
    Impact { blocks: Blocks::Unknown, ..plain("not known beforehand") }
}

impl Impact {
    pub(super) fn unless_new(self, new_tables: &HashSet<String>) -> Self {
        let all_new =
            !self.relations.is_empty() && self.relations.iter().all(|name| new_tables.contains(&bare(name)));
        if !all_new {
            return self;
        }
        Self { blocks: Blocks::Nobody, consequence: "new table, nobody waits".into(), ..self }
    }
}

/// A name without schema and quotes, to compare by.
pub(super) fn bare(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).trim_matches('"').to_owned()
}
