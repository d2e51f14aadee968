//! What the migrations make beside what the database has.

use evaldesk_core::migrate::{self, DriftReport, DriftStatus, MigrationContext, Version};

use super::matrix::seen::{SeenDrift, keep_drift};
use crate::commands::ConnectionArguments;
use crate::{Result, Session};

/// Compares the schema with what its migrations make in a scratch database beside it, which is dropped again. What came of
/// it is kept for the matrix.
pub async fn migrate_drift(session: &Session, arguments: ConnectionArguments) -> Result<DriftReport> {
    let context = session.migration_context(&arguments.connection)?;
    let database = arguments.open(session).await?;
    let report = migrate::drift(&database, &context).await?;
    let drift = SeenDrift {
        at: session.clock().now().to_rfc3339(),
        differences: (!matches!(report.status, DriftStatus::Skipped { .. }))
            .then(|| count(report.differences.len())),
        of: by_version(&report, &context),
    };
    super::migrate_status(session, arguments).await?;
    keep_drift(session, database.profile(), drift);
    Ok(report)
}

fn by_version(report: &DriftReport, context: &MigrationContext) -> Vec<(Version, u32)> {
    let versions = report.versions.iter().filter_map(|version| context.set.get(version));
    let counted = versions
        .map(|migration| (migration.version.clone(), count(report.clone().of(migration).differences.len())));
    counted.filter(|(_, differences)| *differences > 0).collect()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
