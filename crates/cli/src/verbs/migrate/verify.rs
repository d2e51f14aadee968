//! `evaldesk migrate verify`: what is recorded held against what is there.

use evaldesk_api::commands::{MigrateVerifyArguments, migrate_drift, migrate_verify};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::migrate::{DriftReport, DriftStatus, VerifyReport, Version, Weight};
use evaldesk_api::{ErrorReport, Result};
use serde::Serialize;

use crate::print;
use crate::verbs::Context;

/// Both checks, as one document.
#[derive(Serialize)]
struct Verified {
    verified: Vec<VerifyReport>,
    drift: Option<DriftReport>,
}

pub(super) async fn run(context: &Context, version: Option<String>, with_drift: bool) -> Result<()> {
    let arguments =
        MigrateVerifyArguments { connection: context.connection()?, version: version.map(Version::new) };
    let verified = migrate_verify(&context.session, arguments).await?;
    let drift =
        if with_drift { Some(migrate_drift(&context.session, context.target()?).await?) } else { None };
    let checked = Verified { verified, drift };
    context.show(&checked, |checked| {
        print::migrate::verified(&checked.verified);
        checked.drift.iter().for_each(print::migrate::drift);
    })?;
    judge(&checked)
}

/// A check that fails ends the program with 1; one that could not be made is no false yes.
fn judge(checked: &Verified) -> Result<()> {
    let wrong = |report: &&VerifyReport| report.problems.iter().any(|one| one.weight == Weight::Conflict);
    let failed: Vec<_> =
        checked.verified.iter().filter(wrong).map(|report| report.version.to_string()).collect();
    if !failed.is_empty() {
        let what = format!("{} is recorded, but its objects are not all there", failed.join(", "));
        return Err(failure(what, "`evaldesk migrate repair` lists what mends it."));
    }
    match checked.drift.as_ref().map(|drift| (&drift.status, drift.differences.len())) {
        Some((DriftStatus::Differs, count)) => Err(failure(
            format!("the schema has drifted: {count} differences"),
            "Each comes with SQL that mends it.",
        )),
        Some((DriftStatus::Skipped { why }, _)) => {
            Err(failure(format!("drift is not known: {why}"), "Mend that and verify again."))
        }
        _ => Ok(()),
    }
}

fn failure(what: String, hint: &str) -> ErrorReport {
    ErrorReport::new(ErrorKind::Precondition, what).hint(hint)
}
