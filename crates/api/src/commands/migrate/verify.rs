//! Whether what is recorded is there.

use evaldesk_core::migrate::{self, VerifyReport, Version};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Result, Session};

/// Which version to verify; all without one.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrateVerifyArguments {
    pub connection: String,
    #[serde(default)]
    pub version: Option<Version>,
}

/// Runs the verify files, in read-only transactions.
pub async fn migrate_verify(
    session: &Session,
    arguments: MigrateVerifyArguments,
) -> Result<Vec<VerifyReport>> {
    let database = session.database(&arguments.connection).await?;
    let context = session.migration_context(&arguments.connection)?;
    Ok(migrate::verify_migration(&database, &context, arguments.version.as_ref()).await?)
}
