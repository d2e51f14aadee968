//! Beginning anew. The old data is set aside under a name of its own unless the caller says that it shall die.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::config::DATABASE;
use super::layout::Layout;
use super::private;
use super::stop::{self, StopMode};
use super::{cluster, locks};
use crate::job::JobContext;
use crate::{Error, ErrorKind, Result};

/// What becomes of the old data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ResetMode {
    /// Renamed, beside; it can be named `data` again.
    SetAside,
    /// Deleted.
    Delete,
}

/// What a reset came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResetOutcome {
    /// Where the old data is now; `None` when there was none or it was deleted.
    #[ts(type = "string | null")]
    pub kept: Option<PathBuf>,
}

/// Takes the data folder away. `confirmed` is the name of the database, typed by whoever wants this.
pub(super) async fn reset(
    layout: &Layout,
    confirmed: &str,
    mode: ResetMode,
    job: &JobContext,
) -> Result<ResetOutcome> {
    if confirmed != DATABASE {
        return Err(Error::new(
            ErrorKind::Refused,
            "the local database was not reset: its name was not given",
        )
        .hint(format!("Confirm with the name {DATABASE}.")));
    }
    layout.prepare()?;
    let _alone = stop::alone(layout).await?.ok_or_else(in_use)?;
    let _change = locks::change(layout, job).await?;
    locks::release_hold(layout)?;
    stop::end_server(&layout.data(), StopMode::Fast).await?;
    cluster::clean(layout).await;
    take_away(layout, mode)
}

fn take_away(layout: &Layout, mode: ResetMode) -> Result<ResetOutcome> {
    let data = layout.data();
    if !data.exists() {
        return Ok(ResetOutcome { kept: None });
    }
    if mode == ResetMode::Delete {
        private::remove_tree(&data)?;
        return Ok(ResetOutcome { kept: None });
    }
    let aside = aside_name(&data, "before-reset");
    std::fs::rename(&data, &aside)
        .map_err(|error| Error::from(error).while_doing(&format!("cannot set {} aside", data.display())))?;
    Ok(ResetOutcome { kept: Some(aside) })
}

/// `data.before-reset-1`, or the next number that is free.
pub(super) fn aside_name(data: &Path, why: &str) -> PathBuf {
    let names = (1..).map(|number| private::sibling(data, &format!("{why}-{number}")));
    names.into_iter().find(|path| !path.exists()).unwrap_or_else(|| private::sibling(data, why))
}

fn in_use() -> Error {
    Error::new(ErrorKind::Refused, "the local database was not reset: an app or a command uses it")
        .hint("Close Evaldesk and wait for running commands, then try again.")
}
