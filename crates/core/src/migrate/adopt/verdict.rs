//! What is known of each of our versions in a database that others have migrated.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::tool::MigrationTool;
use crate::migrate::{LedgerPlace, Version};

/// By what a version was found to stand here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BoundBy {
    /// Its verify file finds its objects.
    Verify,
    /// What it makes in a scratch database is here.
    Fingerprint,
    /// sqlx applied a file of the same bytes.
    Checksum,
}

/// Whether a version stands here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum AdoptVerdict {
    /// It is written down already.
    Recorded,
    /// It stands here, and adopting writes it down.
    Binds { by: BoundBy },
    /// Something of it is here, and not as its file makes it.
    Differs { why: String },
    /// Nothing of it is here.
    NotThere { why: String },
    /// Nothing can tell.
    Unknown { why: String },
}

/// One version of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AdoptVersion {
    pub version: Version,
    pub name: String,
    pub verdict: AdoptVerdict,
    /// Where adopting writes it down.
    pub place: Option<LedgerPlace>,
    /// The tools that have recorded the same number; it may be another migration's.
    pub recorded_by: Vec<MigrationTool>,
    /// What a person should know about it.
    pub notes: Vec<String>,
}

impl AdoptVersion {
    /// Whether adopting writes it down.
    pub fn binds(&self) -> bool {
        matches!(self.verdict, AdoptVerdict::Binds { .. })
    }
}
