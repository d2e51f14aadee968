//! Which versions a request means, in which order, and what forbids it.

use super::super::assess::{Assessed, Assessment};
use super::super::file::Migration;
use super::super::{MigrationSet, Version};
use super::{Direction, MigrationRequest, Step};
use crate::{Error, ErrorKind, Result};

/// The chosen versions, and what to say about the choice.
#[derive(Debug, Default)]
pub(super) struct Chosen<'a> {
    pub(super) steps: Vec<Step<'a>>,
    pub(super) notices: Vec<String>,
}

/// Chooses.
pub(super) fn choose<'a>(
    assessment: &Assessment<'a>,
    set: &'a MigrationSet,
    request: &MigrationRequest,
) -> Result<Chosen<'a>> {
    match request {
        MigrationRequest::Up => up(assessment, None),
        MigrationRequest::UpTo { version } => {
            set.require(version)?;
            up(assessment, Some(version))
        }
        MigrationRequest::UpOnly { version } => up_only(assessment, set.require(version)?),
        MigrationRequest::Down { version } => down(assessment, set, version),
        MigrationRequest::Rollback { step } => rollback(assessment, set, *step),
    }
}

fn up<'a>(assessment: &Assessment<'a>, to: Option<&Version>) -> Result<Chosen<'a>> {
    if let Some(conflict) = assessment.versions.iter().find(|assessed| assessed.conflicts()) {
        return Err(conflicting(conflict));
    }
    let within = |assessed: &&Assessed<'a>| to.is_none_or(|to| assessed.migration.version <= *to);
    let mut chosen = Chosen::default();
    for assessed in assessment.pending().filter(within) {
        check_requirements(assessment, assessed.migration, &chosen.steps)?;
        chosen.notices.extend(out_of_order(assessment, assessed.migration));
        chosen.steps.push(Step { migration: assessed.migration, direction: Direction::Up });
    }
    let in_place = assessment.versions.iter().filter(within).filter(|assessed| assessed.in_place());
    chosen.notices.extend(in_place.map(already_there));
    Ok(chosen)
}

fn up_only<'a>(assessment: &Assessment<'a>, migration: &'a Migration) -> Result<Chosen<'a>> {
    let Some(assessed) = assessment.get(&migration.version) else { return Ok(Chosen::default()) };
    if assessed.conflicts() {
        return Err(conflicting(assessed));
    }
    if assessed.recorded {
        let notices = vec![format!("{} {} is up already.", migration.version, migration.name)];
        return Ok(Chosen { notices, ..Chosen::default() });
    }
    if assessed.in_place() {
        return Err(Error::new(ErrorKind::Precondition, already_there(assessed)).hint(
            "There is nothing to run: leave it, or drop its objects first if they should be made anew.",
        ));
    }
    check_requirements(assessment, migration, &[])?;
    Ok(Chosen {
        notices: out_of_order(assessment, migration).into_iter().collect(),
        steps: vec![Step { migration, direction: Direction::Up }],
    })
}

fn down<'a>(assessment: &Assessment<'a>, set: &'a MigrationSet, version: &Version) -> Result<Chosen<'a>> {
    if !assessment.ledger.holds(version) {
        let migration = set.require(version)?;
        let notices = vec![format!("{} {} is not applied here.", migration.version, migration.name)];
        return Ok(Chosen { notices, ..Chosen::default() });
    }
    take_down(assessment, set, &[version])
}

fn rollback<'a>(assessment: &Assessment<'a>, set: &'a MigrationSet, step: u32) -> Result<Chosen<'a>> {
    let newest: Vec<_> = assessment.ledger.versions.iter().rev().take(step as usize).collect();
    if newest.is_empty() {
        return Ok(Chosen { notices: vec!["Nothing is applied here.".to_owned()], ..Chosen::default() });
    }
    take_down(assessment, set, &newest)
}

/// The versions and whatever stands on them, newest first.
fn take_down<'a>(
    assessment: &Assessment<'a>,
    set: &'a MigrationSet,
    named: &[&Version],
) -> Result<Chosen<'a>> {
    let mut chosen = Chosen::default();
    let mut migrations = Vec::new();
    for version in named {
        let migration = set.get(version).ok_or_else(|| without_file(version))?;
        migrations.push(migration);
        migrations
            .extend(set.dependants(version).into_iter().filter(|one| assessment.ledger.holds(&one.version)));
    }
    migrations.sort_by(|a, b| b.version.cmp(&a.version));
    migrations.dedup_by(|a, b| a.version == b.version);
    for migration in migrations {
        if let Some(conflict) = assessment.get(&migration.version).filter(|assessed| assessed.conflicts()) {
            return Err(conflicting(conflict));
        }
        if !named.contains(&&migration.version) {
            chosen.notices.push(format!(
                "{} {} goes down too: it stands on what goes.",
                migration.version, migration.name
            ));
        }
        chosen.steps.push(Step { migration, direction: Direction::Down });
    }
    Ok(chosen)
}

fn check_requirements(assessment: &Assessment<'_>, migration: &Migration, before: &[Step<'_>]) -> Result<()> {
    let planned = |version: &Version| before.iter().any(|step| step.migration.version == *version);
    let there = |version: &Version| assessment.get(version).is_some_and(Assessed::in_effect);
    match migration.up.directives.requires.iter().find(|version| !planned(version) && !there(version)) {
        None => Ok(()),
        Some(version) => Err(Error::new(
            ErrorKind::Precondition,
            format!("{} {} stands on {version}, which is not up", migration.version, migration.name),
        )
        .hint(format!("Apply it first: evaldesk migrate up {version}."))),
    }
}

fn out_of_order(assessment: &Assessment<'_>, migration: &Migration) -> Option<String> {
    let newer = assessment.ledger.versions.iter().rev().find(|version| **version > migration.version)?;
    Some(format!("{} {} is older than {newer}, which is applied already.", migration.version, migration.name))
}

fn already_there(assessed: &Assessed<'_>) -> String {
    let migration = assessed.migration;
    format!(
        "{} {} is not recorded, but its objects are there, made by another tool or by hand: it is not run.",
        migration.version, migration.name
    )
}

fn conflicting(assessed: &Assessed<'_>) -> Error {
    let migration = assessed.migration;
    let problems = assessed.in_words().unwrap_or_default();
    let what = format!("{} {} is recorded as applied, but {problems}", migration.version, migration.name);
    Error::new(ErrorKind::Conflict, what)
        .hint("The number may belong to another migration, or somebody took the objects away. Put them back or strike the version out of schema_migrations, then try again.")
}

fn without_file(version: &Version) -> Error {
    Error::new(ErrorKind::Precondition, format!("{version} is applied, but there is no file of it here to take it back"))
        .hint("Take it back with the tool that applied it, or name an older version: evaldesk migrate down VERSION.")
}
