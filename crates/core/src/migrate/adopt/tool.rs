//! A migration tool that has kept its books in the database.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::catalog::TableName;

/// Which tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MigrationTool {
    Rails,
    Dbmate,
    Sqlx,
    GolangMigrate,
    Flyway,
    Liquibase,
    Refinery,
    Atlas,
    Sqitch,
}

/// What became of a version in the tool's own hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FoundState {
    Applied,
    /// It broke off: golang-migrate calls that dirty.
    Failed,
    /// Taken back, or marked as gone.
    Reverted,
}

/// A version that the tool recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FoundVersion {
    /// As the tool spells it; Liquibase and Sqitch have no numbers.
    pub version: String,
    pub name: Option<String>,
    pub state: FoundState,
    /// As the tool wrote it down.
    pub applied_at: Option<String>,
    /// In the tool's own way; sqlx's is SHA-384 of the file, in hex.
    pub checksum: Option<String>,
    pub note: Option<String>,
}

/// A tool whose books were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "FoundMigrationTool")]
pub struct FoundTool {
    pub tool: MigrationTool,
    /// False where Evaldesk's own ledger looks the same: newer dbmate and we make the very same table.
    pub certain: bool,
    /// Where it keeps its versions.
    pub table: TableName,
    /// In the order in which they were applied, as far as the tool knows it.
    pub versions: Vec<FoundVersion>,
    pub applied: u32,
    /// How many broke off and were not mended.
    pub failed: u32,
    /// The newest applied one.
    pub newest: Option<String>,
    /// What it was recognised by.
    pub evidence: String,
    /// Why its rows could not be read, or what stands in its way.
    pub problem: Option<String>,
}

impl MigrationTool {
    /// From the word that the catalog query gives.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "rails" => Self::Rails,
            // A ledger of Rails' shape without Rails beside it: dbmate's, or ours.
            "dbmate" | "evaldesk" => Self::Dbmate,
            "sqlx" => Self::Sqlx,
            "golang_migrate" => Self::GolangMigrate,
            "flyway" => Self::Flyway,
            "liquibase" => Self::Liquibase,
            "refinery" => Self::Refinery,
            "atlas" => Self::Atlas,
            "sqitch" => Self::Sqitch,
            _ => return None,
        })
    }

    /// Whether its versions are numbers that a version of ours may be the same as.
    pub fn counts_versions(self) -> bool {
        !matches!(self, Self::Liquibase | Self::Sqitch)
    }
}

impl fmt::Display for MigrationTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rails => "Rails",
            Self::Dbmate => "dbmate",
            Self::Sqlx => "sqlx",
            Self::GolangMigrate => "golang-migrate",
            Self::Flyway => "Flyway",
            Self::Liquibase => "Liquibase",
            Self::Refinery => "refinery",
            Self::Atlas => "Atlas",
            Self::Sqitch => "Sqitch",
        })
    }
}
