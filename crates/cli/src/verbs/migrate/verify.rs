//! `evaldesk migrate verify`.

use evaldesk_api::commands::{MigrateVerifyArguments, migrate_verify};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::migrate::{VerifyReport, Version, Weight};
use evaldesk_api::{ErrorReport, Result};

use crate::print;
use crate::verbs::Context;

pub(super) async fn run(context: &Context, version: Option<String>) -> Result<()> {
    let arguments =
        MigrateVerifyArguments { connection: context.connection()?, version: version.map(Version::new) };
    let reports = migrate_verify(&context.session, arguments).await?;
    context.show(&reports, |reports| print::migrate::verified(reports))?;
    judge(&reports)
}

/// A check that fails ends the program with 1.
fn judge(reports: &[VerifyReport]) -> Result<()> {
    let wrong = |report: &&VerifyReport| report.problems.iter().any(|one| one.weight == Weight::Conflict);
    let failed: Vec<_> = reports.iter().filter(wrong).map(|report| report.version.to_string()).collect();
    if failed.is_empty() {
        return Ok(());
    }
    Err(ErrorReport::new(
        ErrorKind::Precondition,
        format!("{} is recorded, but its objects are not all there", failed.join(", ")),
    )
    .hint("`evaldesk migrate repair` lists what mends it."))
}
