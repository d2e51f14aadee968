//! Sample data.

use evaldesk_core::demo::{self, DemoOptions};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::JobStarted;
use super::confirm::require_on_production;
use crate::{Result, Session};

/// How much sample data goes where.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DemoArguments {
    pub connection: String,
    #[serde(default)]
    pub runs: Option<u32>,
    #[serde(default)]
    pub results: Option<u32>,
    #[serde(default)]
    pub seed: Option<u64>,
    /// Load into a database that already holds runs.
    #[serde(default)]
    pub append: bool,
    /// On production the database's name, as it was typed.
    #[serde(default)]
    #[ts(optional)]
    pub confirm: Option<String>,
}

impl DemoArguments {
    pub(crate) fn options(&self, session: &Session) -> DemoOptions {
        let usual = DemoOptions::new(session.clock().now());
        DemoOptions {
            runs: self.runs.unwrap_or(usual.runs),
            results: self.results.unwrap_or(usual.results),
            seed: self.seed.unwrap_or(usual.seed),
            append: self.append,
            ..usual
        }
    }
}

/// Starts to write a believable evaluation history.
pub async fn demo_load(session: &Session, arguments: DemoArguments) -> Result<JobStarted> {
    let database = session.database(&arguments.connection).await?;
    database.check_writable()?;
    require_on_production(&database, arguments.confirm.as_deref())?;
    let options = arguments.options(session);
    let title = format!("Load {} sample runs with {} results", options.runs, options.results);
    let target = database.clone();
    let job = session.start_job("demo_load", title, Some(&database), |job| async move {
        demo::load_demo(&target, &options, &job).await
    })?;
    Ok(JobStarted { job })
}
