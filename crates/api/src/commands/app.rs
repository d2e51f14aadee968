//! About the program itself.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::NoArguments;
use crate::{ErrorReport, Result, Session};

/// What the settings screen and the status bar say about the program.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppInfo {
    pub version: String,
    pub data_folder: String,
    /// "keyring" or "memory".
    pub secret_store: String,
    /// What is wrong with the place for passwords, if anything.
    pub secret_problem: Option<ErrorReport>,
    /// "linux", "macos", "windows".
    pub platform: String,
}

/// Tells version, folder and whether passwords can be kept.
pub async fn app_info(session: &Session, _: NoArguments) -> Result<AppInfo> {
    Ok(AppInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        data_folder: session.folder().display().to_string(),
        secret_store: session.secrets().label().to_owned(),
        secret_problem: session.secrets().check().await.err().map(ErrorReport::from),
        platform: std::env::consts::OS.to_owned(),
    })
}
