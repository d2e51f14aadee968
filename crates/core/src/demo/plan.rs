//! What a load will do, told before it does it, and what it did.

use chrono::{Duration, SecondsFormat};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;

use super::dirt::DirtCount;
use super::options::DemoOptions;
use super::story::Trend;
use super::target::Target;
use crate::connection::Database;
use crate::{Error, ErrorKind, Result};

/// A load that has been looked at and not begun.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DemoPlan {
    pub runs: u32,
    pub results: u32,
    /// Text, since JavaScript's numbers end at 2^53.
    pub seed: String,
    pub append: bool,
    /// When the history ends.
    pub until: String,
    /// Every statement in order; the COPY ones are sent again for each few megabytes.
    pub statements: Vec<String>,
    /// What the load holds up while it runs.
    pub locks: String,
    /// Of the options and of the tables' shape; ids are taken again under the lock.
    pub hash: String,
}

/// What a load wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DemoOutcome {
    #[ts(type = "number")]
    pub runs: u64,
    #[ts(type = "number")]
    pub configurations: u64,
    #[ts(type = "number")]
    pub results: u64,
    #[ts(type = "number")]
    pub spans: u64,
    /// Bytes sent; on disk it is compressed and indexed.
    #[ts(type = "number")]
    pub bytes: u64,
    #[ts(type = "number")]
    pub elapsed_ms: u64,
    /// Every dirty state and how often it was written.
    pub dirt: Vec<DirtCount>,
    /// What an analyst can find in it.
    pub trends: Vec<TrendBegin>,
}

/// A trend and the day it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TrendBegin {
    pub trend: Trend,
    /// ISO 8601, UTC.
    pub began: String,
}

/// Looks at the database and says what a load would do. Reads only.
///
/// # Errors
/// `Refused` on a read-only connection; `Precondition` when tables are missing or runs are there already.
pub async fn plan_demo(database: &Database, options: &DemoOptions) -> Result<DemoPlan> {
    options.check()?;
    database.check_writable()?;
    let mut session = database.pool().acquire().await?;
    let target = Target::read(&mut session).await?;
    target.check_empty(options.append)?;
    Ok(DemoPlan::new(&options.on_the_microsecond(), &target))
}

impl DemoPlan {
    pub(super) fn new(options: &DemoOptions, target: &Target) -> Self {
        let statements = super::load::statements(target);
        Self {
            runs: options.runs,
            results: options.results,
            seed: options.seed.to_string(),
            append: options.append,
            until: options.until.to_rfc3339_opts(SecondsFormat::Micros, true),
            locks:
                "SHARE ROW EXCLUSIVE on the four tables until the commit: reading goes on, other writers wait"
                    .into(),
            hash: hash(options, &statements),
            statements,
        }
    }

    /// The options again, after the plan has been on the wire.
    pub(super) fn options(&self) -> Result<DemoOptions> {
        let unreadable =
            |what: &str| Error::new(ErrorKind::InvalidArguments, format!("the plan's {what} cannot be read"));
        Ok(DemoOptions {
            runs: self.runs,
            results: self.results,
            seed: self.seed.parse().map_err(|_| unreadable("seed"))?,
            append: self.append,
            until: self.until.parse().map_err(|_| unreadable("until"))?,
        })
    }
}

fn hash(options: &DemoOptions, statements: &[String]) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{options:?}"));
    for statement in statements {
        hash.update(statement);
        hash.update([0]);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// When each trend began, for a history that ends at `until`.
pub(super) fn trends(options: &DemoOptions) -> Vec<TrendBegin> {
    let began = |trend: Trend| options.until - Duration::days(i64::from(trend.began_days_before_end()));
    Trend::ALL
        .into_iter()
        .map(|trend| TrendBegin { trend, began: began(trend).to_rfc3339_opts(SecondsFormat::Secs, true) })
        .collect()
}
