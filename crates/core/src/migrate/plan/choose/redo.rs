//! Down, and up again: exactly what was taken down.
//!
//! Differs from Rails, whose `db:migrate:redo` ends with a whole `db:migrate` and so applies what was never up.

use super::super::super::assess::Assessment;
use super::super::super::{MigrationSet, Version};
use super::{Chosen, Direction, Step, down};
use crate::{Error, ErrorKind, Result};

/// The newest applied versions, so many of them.
pub(super) fn redo<'a>(assessment: &Assessment<'a>, set: &'a MigrationSet, step: u32) -> Result<Chosen<'a>> {
    Ok(and_up_again(down::rollback(assessment, set, step)?))
}

/// One version, with whatever stands on it.
pub(super) fn redo_version<'a>(
    assessment: &Assessment<'a>,
    set: &'a MigrationSet,
    version: &Version,
) -> Result<Chosen<'a>> {
    if !assessment.ledger.holds(version) {
        let migration = set.require(version)?;
        return Err(Error::new(
            ErrorKind::Precondition,
            format!("{} {} is not applied here: there is nothing to do again", version, migration.name),
        )
        .hint(format!("Apply it: evaldesk migrate up {version}.")));
    }
    Ok(and_up_again(down::down(assessment, set, version)?))
}

fn and_up_again(mut chosen: Chosen<'_>) -> Chosen<'_> {
    let again: Vec<_> =
        chosen.steps.iter().rev().map(|step| Step::new(step.migration, Direction::Up)).collect();
    chosen.steps.extend(again);
    chosen
}
