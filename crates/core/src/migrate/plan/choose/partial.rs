//! What broke off: on with it from where it stopped, or back.

use super::super::super::assess::{Assessed, Assessment};
use super::super::super::state::PartialRun;
use super::super::super::{MigrationSet, ScriptRole, Version};
use super::{Chosen, Direction, Step};
use crate::{Error, ErrorKind, Result};

/// The statements that are left.
pub(super) fn resume<'a>(
    assessment: &Assessment<'a>,
    set: &'a MigrationSet,
    version: &Version,
) -> Result<Chosen<'a>> {
    let (assessed, partial) = broken(assessment, set, version)?;
    let step = Step {
        from: partial.done,
        continues: Some(partial.entry),
        mends: assessed.history.takes_back(),
        ..Step::new(set.require(version)?, partial.direction)
    };
    let mut chosen = Chosen { steps: vec![step], ..Chosen::default() };
    chosen.notices.push(format!("It goes on at statement {} of {}.", partial.done + 1, partial.total));
    chosen.notices.extend(partial.open.map(open));
    chosen.notices.extend(changed_since(assessed, &partial));
    Ok(chosen)
}

/// The other file, without what it would take back of statements that never ran.
pub(super) fn undo<'a>(
    assessment: &Assessment<'a>,
    set: &'a MigrationSet,
    version: &Version,
) -> Result<Chosen<'a>> {
    let (_, partial) = broken(assessment, set, version)?;
    let back = match partial.direction {
        Direction::Up => Direction::Down,
        Direction::Down => Direction::Up,
    };
    let step = Step { continues: Some(partial.entry), mends: true, ..Step::new(set.require(version)?, back) };
    Ok(Chosen { steps: vec![step], ..Chosen::default() })
}

fn broken<'b, 'a>(
    assessment: &'b Assessment<'a>,
    set: &MigrationSet,
    version: &Version,
) -> Result<(&'b Assessed<'a>, PartialRun)> {
    let migration = set.require(version)?;
    let assessed = assessment.get(version);
    assessed.and_then(|assessed| Some((assessed, assessed.partial.clone()?))).ok_or_else(|| {
        Error::new(
            ErrorKind::Precondition,
            format!("{version} {} did not break off: there is nothing to resume or undo", migration.name),
        )
        .hint("See how it stands: evaldesk migrate status.")
    })
}

fn open(index: u32) -> String {
    format!(
        "Statement {} was sent when it broke off: what it left half-built is cleared away first, and it runs again.",
        index + 1
    )
}

/// Mending the statement that failed is what a file is changed for: then the rest of the new file runs.
fn changed_since(assessed: &Assessed<'_>, partial: &PartialRun) -> Option<String> {
    let role = match partial.direction {
        Direction::Up => ScriptRole::Up,
        Direction::Down => ScriptRole::Down,
    };
    let now = match partial.direction {
        Direction::Up => Some(&assessed.migration.up),
        Direction::Down => assessed.migration.down.as_ref(),
    }?;
    let then = assessed.history.broken()?.script(role)?;
    (then.sha384 != now.sha384).then(|| {
        format!("{} has changed since it broke off: its first {} statements are taken as done, and the rest runs as the file has it now.", now.file, partial.done)
    })
}
