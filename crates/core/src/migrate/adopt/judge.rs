//! The verdict on one version: by sqlx's checksum, by the ledger, by its verify file, by what it makes.

use super::tool::{FoundState, FoundTool, MigrationTool};
use super::trace::Traces;
use super::verdict::{AdoptVerdict, AdoptVersion, BoundBy};
use crate::migrate::assess::{Assessed, Assessment};
use crate::migrate::file::Migration;
use crate::migrate::{MigrationContext, MigrationFormat, Version};

/// What is known of one version.
pub(super) fn judge(
    assessed: &Assessed<'_>,
    assessment: &Assessment<'_>,
    tools: &[FoundTool],
    traces: &Traces,
    context: &MigrationContext,
) -> AdoptVersion {
    let migration = assessed.migration;
    let verdict = verdict(assessed, tools, traces, context);
    let binds = matches!(verdict, AdoptVerdict::Binds { .. });
    let mut notes: Vec<String> = Vec::new();
    if binds {
        notes.extend(assessed.in_words());
    }
    AdoptVersion {
        version: migration.version.clone(),
        name: migration.name.clone(),
        place: binds.then(|| assessment.ledger.place_of(&migration.version)),
        recorded_by: recorded_by(&migration.version, tools),
        verdict,
        notes,
    }
}

fn verdict(
    assessed: &Assessed<'_>,
    tools: &[FoundTool],
    traces: &Traces,
    context: &MigrationContext,
) -> AdoptVerdict {
    let migration = assessed.migration;
    match by_checksum(migration, tools, context) {
        // Other bytes are told also where sqlx's table is the ledger.
        Some(AdoptVerdict::Differs { why }) => return AdoptVerdict::Differs { why },
        _ if assessed.is_recorded() => return AdoptVerdict::Recorded,
        Some(verdict) => return verdict,
        None => {}
    }
    if assessed.in_place() {
        return AdoptVerdict::Binds { by: BoundBy::Verify };
    }
    if assessed.problems.is_some() {
        return AdoptVerdict::NotThere { why: assessed.in_words().unwrap_or_default() };
    }
    let traced = traces.iter().find(|(version, _)| *version == migration.version);
    traced.map_or_else(
        || AdoptVerdict::Unknown { why: "it has no verify file, and nothing shows what it makes".to_owned() },
        |(_, verdict)| verdict.clone(),
    )
}

/// Where sqlx applied a version of this number, its checksum is the word on it: the same bytes are the same migration.
/// Other bytes may be another migration of that number, where the files are not sqlx's and have their own proof.
pub(super) fn by_checksum(
    migration: &Migration,
    tools: &[FoundTool],
    context: &MigrationContext,
) -> Option<AdoptVerdict> {
    let sqlx = tools.iter().find(|found| found.tool == MigrationTool::Sqlx)?;
    let row = sqlx.versions.iter().find(|row| Version::new(&row.version) == migration.version)?;
    if row.state != FoundState::Applied {
        return Some(AdoptVerdict::Differs { why: format!("sqlx has it as broken off in {}", sqlx.table) });
    }
    if row.checksum.as_deref() == Some(migration.up.sha384.as_str()) {
        return Some(AdoptVerdict::Binds { by: BoundBy::Checksum });
    }
    let is_sqlx = context.set.format() == MigrationFormat::Sqlx || migration.verify.is_none();
    is_sqlx.then(|| AdoptVerdict::Differs {
        why: format!(
            "{} is not the file that sqlx applied: its SHA-384 begins with {}, sqlx wrote {}",
            migration.up.file,
            short(&migration.up.sha384),
            short(row.checksum.as_deref().unwrap_or("none"))
        ),
    })
}

fn short(sum: &str) -> String {
    sum.chars().take(12).collect()
}

fn recorded_by(version: &Version, tools: &[FoundTool]) -> Vec<MigrationTool> {
    let counts = tools.iter().filter(|found| found.tool.counts_versions());
    let holds = |found: &&FoundTool| {
        found
            .versions
            .iter()
            .any(|row| row.state == FoundState::Applied && Version::new(&row.version) == *version)
    };
    counts.filter(holds).map(|found| found.tool).collect()
}
