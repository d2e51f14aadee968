//! Upwards: everything pending, everything up to a version, or one version alone.

use super::super::super::assess::{Assessed, Assessment};
use super::super::super::file::Migration;
use super::super::super::{MigrationState, Version};
use super::{Chosen, Direction, Step, guard, words};
use crate::{Error, ErrorKind, Result};

/// Everything pending, or that of it which is not newer than a version. The named version may be an opt-in one.
///
/// Differs from Rails, which applies an older version silently after newer ones: here somebody accepts that first.
pub(super) fn up<'a>(assessment: &Assessment<'a>, to: Option<&Version>) -> Result<Chosen<'a>> {
    let within = |assessed: &&Assessed<'a>| to.is_none_or(|to| assessed.migration.version <= *to);
    guard::nothing_in_the_way(assessment.versions.iter().filter(within))?;
    let mut chosen = Chosen::default();
    for assessed in assessment.versions.iter().filter(within).filter(|assessed| is_meant(assessed, to)) {
        guard::requirements(assessment, assessed.migration, &chosen.steps)?;
        chosen.notices.extend(words::out_of_order(assessed));
        chosen.steps.push(Step::new(assessed.migration, Direction::Up));
    }
    let in_place = assessment.versions.iter().filter(within).filter(|assessed| assessed.in_place());
    chosen.notices.extend(in_place.map(words::already_there));
    let changed = assessment.versions.iter().filter(within).filter(|assessed| assessed.has_changed());
    chosen.notices.extend(changed.map(words::changed));
    Ok(chosen)
}

fn is_meant(assessed: &Assessed<'_>, to: Option<&Version>) -> bool {
    let named = to.is_some_and(|to| assessed.migration.version == *to);
    match assessed.state() {
        MigrationState::Down => !assessed.in_place(),
        MigrationState::OptIn => named && !assessed.in_place(),
        _ => false,
    }
}

/// One version alone: out of order on purpose, and the only way to an opt-in one.
pub(super) fn up_only<'a>(assessment: &Assessment<'a>, migration: &'a Migration) -> Result<Chosen<'a>> {
    let Some(assessed) = assessment.get(&migration.version) else { return Ok(Chosen::default()) };
    guard::whole(assessed)?;
    if assessed.is_recorded() {
        return Ok(Chosen::nothing(format!("{} {} is up already.", migration.version, migration.name)));
    }
    if assessed.in_place() {
        return Err(Error::new(ErrorKind::Precondition, words::already_there(assessed)).hint(format!(
            "There is nothing to run: write it down with evaldesk migrate repair {} record, or drop its objects first if they should be made anew.",
            migration.version
        )));
    }
    guard::requirements(assessment, migration, &[])?;
    Ok(Chosen {
        notices: words::out_of_order(assessed).into_iter().collect(),
        steps: vec![Step::new(migration, Direction::Up)],
    })
}
