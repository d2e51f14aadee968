//! Moving the local data to another major: dump, a new cluster, restore, compare, and only then the new name.
//!
//! The old data folder is never written to, and is kept. Until the last step the new one is `data.upgrade`; from the
//! moment it is proven it holds a mark, so that a crash between the two renames is finished by the next start.

mod compare;
mod copy;
mod swap;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::cluster::{self, Data};
use super::config::LocalConfig;
use super::engine::{self, Engine};
use super::layout::Layout;
use super::private;
use super::stop::{self, StopMode};
use super::{launch, locks, reach};
use crate::connection::Secret;
use crate::job::{JobContext, Progress};
use crate::server::tools::{self, ClientTool, FoundTool};
use crate::{Error, ErrorKind, Result};

pub use compare::TableCheck;
pub(super) use swap::finish_interrupted;

/// What an upgrade would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UpgradePlan {
    /// The engine of the data folder as it is.
    pub from: Engine,
    /// The engine of the new one.
    pub to: Engine,
    /// What dumps.
    pub dump: FoundTool,
    /// What restores.
    pub restore: FoundTool,
    /// The folder that is moved; it is kept under another name.
    #[ts(type = "string")]
    pub data_folder: PathBuf,
    /// The bytes of the data folder; about as many more are needed on the disk.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// What an upgrade came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UpgradeOutcome {
    /// The old data folder.
    #[ts(type = "string")]
    pub kept: PathBuf,
    /// Every table, found equal in both clusters.
    pub tables: Vec<TableCheck>,
    /// Settings made by ALTER SYSTEM, which stay behind: a newer major may refuse them.
    pub settings_left: Vec<String>,
}

/// Reads what is there and finds what is needed.
pub(super) async fn plan(config: &LocalConfig, to: Option<i32>) -> Result<UpgradePlan> {
    let layout = Layout::of(config)?;
    let Data::Cluster(major) = cluster::look(&layout)? else {
        return Err(Error::new(
            ErrorKind::Precondition,
            "there is no local database yet that could be upgraded",
        ));
    };
    let from = engine::find_major(&config.engine_search, major).await?;
    let to = match to {
        Some(wanted) => engine::find_major(&config.engine_search, wanted).await?,
        None => engine::find(&config.engine_search, config.preferred_major).await?,
    };
    check_direction(&from, &to)?;
    let search: Vec<PathBuf> =
        [vec![to.bin.clone()], config.tool_search.clone(), config.engine_search.clone()].concat();
    // A dump of the target's major reads any older server, and the target's pg_restore reads it.
    let dump = find_tool(ClientTool::Dump, &search, &to, &from).await?;
    let restore = tools::find(ClientTool::Restore, &search, dump.major).await?;
    let data_folder = layout.data();
    Ok(UpgradePlan { bytes: private::bytes_in(&data_folder), data_folder, from, to, dump, restore })
}

async fn find_tool(tool: ClientTool, search: &[PathBuf], to: &Engine, from: &Engine) -> Result<FoundTool> {
    let exact = tools::find_all(tool, search).await.into_iter().find(|found| found.major == to.major);
    match exact {
        Some(found) => Ok(found),
        None => tools::find(tool, search, from.major).await,
    }
}

fn check_direction(from: &Engine, to: &Engine) -> Result<()> {
    if to.major > from.major {
        return Ok(());
    }
    let (from, to) = (&from.version, &to.version);
    Err(Error::new(
        ErrorKind::Precondition,
        format!("the local data is of PostgreSQL {from}, and the engine is {to}"),
    )
    .hint("An upgrade goes to a newer major; name one whose engine is on this machine."))
}

/// Does what the plan says, and nothing when the state has changed since.
pub(super) async fn apply(
    config: &LocalConfig,
    planned: &UpgradePlan,
    password: &Secret,
    job: &JobContext,
) -> Result<UpgradeOutcome> {
    let layout = Layout::of(config)?;
    layout.prepare()?;
    let _alone = stop::alone(&layout).await?.ok_or_else(in_use)?;
    let _change = locks::change(&layout, job).await?;
    layout.prepare_home()?;
    let now = plan(config, Some(planned.to.major)).await?;
    if (&now.from, &now.to, &now.data_folder) != (&planned.from, &planned.to, &planned.data_folder) {
        return Err(Error::new(
            ErrorKind::StalePlan,
            "the local database or its engines changed since the upgrade was planned",
        )
        .hint("Plan the upgrade again."));
    }
    stop::end_server(&layout.data(), StopMode::Fast).await?;
    let done = run(&layout, &now, password, job).await;
    // Whatever happened, no server of either cluster stays, and an unproven cluster goes.
    stop::end_server(&layout.data(), StopMode::Fast).await?;
    stop::end_server(&layout.upgraded().data(), StopMode::Fast).await?;
    match done {
        Ok((tables, settings_left)) => {
            let kept = swap::swap(&layout, now.from.major)?;
            Ok(UpgradeOutcome { kept, tables, settings_left })
        }
        Err(error) => {
            private::remove_tree(&layout.upgraded().data())?;
            Err(error.while_doing("the local database was not upgraded, and is as it was"))
        }
    }
}

async fn run(
    layout: &Layout,
    plan: &UpgradePlan,
    password: &Secret,
    job: &JobContext,
) -> Result<(Vec<TableCheck>, Vec<String>)> {
    let next = layout.upgraded();
    let from = reach::reachable_engine(plan.from.clone(), layout).await?;
    let to = reach::reachable_engine(plan.to.clone(), layout).await?;
    private::remove_tree(&next.data())?;
    cluster::make(&next, &to, password, job).await?;
    job.progress(Progress::phase("starting both servers"));
    let old_port = launch::launch(layout, &from, &[], job).await?;
    let new_port = launch::launch(&next, &to, &[], job).await?;
    let copy = copy::Copy { layout, plan, password, old_port, new_port, job };
    let settings_left = copy.settings_left().await?;
    let databases = copy.all().await?;
    let tables = compare::compare(&databases, old_port, new_port, password, job).await?;
    Ok((tables, settings_left))
}

fn in_use() -> Error {
    Error::new(ErrorKind::Refused, "the local database was not upgraded: an app or a command uses it")
        .hint("Close Evaldesk and wait for running commands, then try again.")
}
