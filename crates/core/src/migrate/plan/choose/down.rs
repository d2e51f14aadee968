//! Downwards: one version with whatever stands on it, or the newest applied ones.

use super::super::super::assess::Assessment;
use super::super::super::{MigrationSet, Version};
use super::{Chosen, Direction, Step, guard, words};
use crate::Result;

/// One version, and before it whatever stands on it.
pub(super) fn down<'a>(
    assessment: &Assessment<'a>,
    set: &'a MigrationSet,
    version: &Version,
) -> Result<Chosen<'a>> {
    if let Some(assessed) = assessment.get(version) {
        guard::whole(assessed)?;
    }
    if !assessment.ledger.holds(version) {
        let migration = set.require(version)?;
        return Ok(Chosen::nothing(format!("{} {} is not applied here.", migration.version, migration.name)));
    }
    take_down(assessment, set, &[version])
}

/// The newest applied versions, so many of them.
///
/// Differs from Rails, which counts files: a file that is not applied uses up one of its steps.
pub(super) fn rollback<'a>(
    assessment: &Assessment<'a>,
    set: &'a MigrationSet,
    step: u32,
) -> Result<Chosen<'a>> {
    let newest: Vec<_> = assessment.applied().rev().take(step as usize).collect();
    if newest.is_empty() {
        return Ok(Chosen::nothing("Nothing is applied here."));
    }
    let mut chosen = take_down(assessment, set, &newest)?;
    chosen.notices.extend(words::left_to_their_owner(assessment, &newest));
    Ok(chosen)
}

/// The versions and whatever stands on them, newest first.
pub(super) fn take_down<'a>(
    assessment: &Assessment<'a>,
    set: &'a MigrationSet,
    named: &[&Version],
) -> Result<Chosen<'a>> {
    let mut chosen = Chosen::default();
    let mut migrations = Vec::new();
    for version in named {
        let migration = set.get(version).ok_or_else(|| words::without_file(version))?;
        migrations.push(migration);
        migrations
            .extend(set.dependants(version).into_iter().filter(|one| assessment.ledger.holds(&one.version)));
    }
    migrations.sort_by(|a, b| b.version.cmp(&a.version));
    migrations.dedup_by(|a, b| a.version == b.version);
    for migration in migrations {
        let assessed = assessment.get(&migration.version);
        assessed.map_or(Ok(()), guard::whole)?;
        let changed = assessed.filter(|assessed| assessed.has_changed());
        chosen.notices.extend(changed.map(words::changed));
        if !named.contains(&&migration.version) {
            chosen.notices.push(words::stands_on_it(migration));
        }
        chosen.steps.push(Step::new(migration, Direction::Down));
    }
    Ok(chosen)
}
