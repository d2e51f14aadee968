//! Drift: what the recorded migrations make, held against what the database has.
//!
//! Versions count that are recorded, and those whose objects stand there unrecorded: a schema that Rails made is the
//! same schema. Where the other side cannot be made, drift is unknown and says why; it is never "none" by default.

mod report;

use std::time::Instant;

pub use report::{DriftReport, DriftStatus};

use super::MigrationContext;
use super::assess::{Assessed, Assessment};
use super::file::Migration;
use super::scratch::{Produced, produced_by};
use crate::Result;
use crate::catalog::drift::compare;
use crate::catalog::fingerprint::{SchemaSnapshot, SnapshotScope};
use crate::connection::Database;

/// Compares the database with what its migrations make in a scratch database on the same server, or where none may be
/// made in a schema that is rolled back. Changes nothing in the database itself.
pub async fn drift(database: &Database, context: &MigrationContext) -> Result<DriftReport> {
    let started = Instant::now();
    let mut session = database.pool().acquire().await?;
    let assessment = Assessment::read(&mut session, context).await?;
    let applied = applied(&assessment);
    let report = DriftReport::begin(&applied);
    if applied.is_empty() {
        return Ok(report.skipped("no migration of these files is applied here").after(started));
    }
    let expected = match produced_by(database, &mut session, &applied).await? {
        Produced::Schema(snapshot) => snapshot,
        Produced::Unknown(why) => return Ok(report.skipped(why).after(started)),
    };
    let scope = SnapshotScope::of_session(&mut session).await?.with(expected.schemas());
    let actual = SchemaSnapshot::read(&mut session, &scope).await?;
    Ok(report.compared(&expected, &actual, context.set.origin() == "embedded").after(started))
}

/// The versions that are recorded or stand there unrecorded, and whatever those stand on.
fn applied<'a>(assessment: &Assessment<'a>) -> Vec<&'a Migration> {
    let there = |version: &&Assessed<'_>| version.is_recorded() || version.in_place();
    let found: Vec<_> = assessment.versions.iter().filter(there).collect();
    let required: Vec<_> =
        found.iter().flat_map(|version| &version.migration.up.directives.requires).collect();
    let counts = |version: &&Assessed<'_>| there(version) || required.contains(&&version.migration.version);
    assessment.versions.iter().filter(counts).map(|version| version.migration).collect()
}

impl DriftReport {
    fn compared(mut self, expected: &SchemaSnapshot, actual: &SchemaSnapshot, shared: bool) -> Self {
        self.fingerprint_expected = Some(expected.fingerprint());
        self.fingerprint_actual = Some(actual.fingerprint());
        let (differences, equivalents) =
            compare(expected, actual, shared).into_iter().partition(|difference| difference.is_drift());
        self.differences = differences;
        self.equivalents = equivalents;
        self.status = if self.differences.is_empty() { DriftStatus::Same } else { DriftStatus::Differs };
        self
    }
}
