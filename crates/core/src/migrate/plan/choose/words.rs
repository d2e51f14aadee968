//! What is to be said about a choice.

use super::super::super::assess::{Assessed, Assessment};
use super::super::super::file::Migration;
use super::super::super::{LedgerPlace, Version};
use crate::{Error, ErrorKind};

pub(super) fn out_of_order(assessed: &Assessed<'_>) -> Option<String> {
    let newer = assessed.older_than.as_ref()?;
    let migration = assessed.migration;
    Some(format!("{} {} is older than {newer}, which is applied already.", migration.version, migration.name))
}

pub(super) fn already_there(assessed: &Assessed<'_>) -> String {
    let migration = assessed.migration;
    format!(
        "{} {} is not recorded, but its objects are there, made by another tool or by hand: it is not run.",
        migration.version, migration.name
    )
}

pub(super) fn changed(assessed: &Assessed<'_>) -> String {
    let migration = assessed.migration;
    format!(
        "{} {} is not as it was when it was applied: look whether what it says still fits.",
        migration.version, migration.name
    )
}

pub(super) fn stands_on_it(migration: &Migration) -> String {
    format!("{} {} goes down too: it stands on what goes.", migration.version, migration.name)
}

/// Where another tool keeps `schema_migrations`, its newer versions are passed over.
pub(super) fn left_to_their_owner(assessment: &Assessment<'_>, taken: &[&Version]) -> Option<String> {
    let oldest = taken.last()?;
    let theirs: Vec<_> = assessment
        .without_file()
        .filter(|row| row.place == LedgerPlace::Shared && assessment.ledger.place == LedgerPlace::Own)
        .filter(|row| row.version > **oldest)
        .map(|row| row.version.to_string())
        .collect();
    let owner = assessment.ledger.kind.owner();
    (!theirs.is_empty())
        .then(|| format!("{} stays: {owner} applied it, and it is not counted here.", theirs.join(", ")))
}

pub(super) fn without_file(version: &Version) -> Error {
    Error::new(ErrorKind::Precondition, format!("{version} is applied, but there is no file of it here to take it back"))
        .hint(format!("Take it back with the tool that applied it, name an older version (evaldesk migrate down VERSION), or see what the log has of it: evaldesk migrate repair {version}."))
}
