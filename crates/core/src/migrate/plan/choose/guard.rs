//! What stands in the way of a request, and which verbs clear it.

use super::super::super::assess::{Assessed, Assessment};
use super::super::super::file::Migration;
use super::super::super::{MigrationState, Version, rails};
use super::Step;
use crate::{Error, ErrorKind, Result};

/// Refuses while a version broke off, is in conflict, or came too late for its place.
pub(super) fn nothing_in_the_way<'b, 'a: 'b>(versions: impl Iterator<Item = &'b Assessed<'a>>) -> Result<()> {
    let mut stopping = versions.filter(|assessed| assessed.state().stands_in_the_way());
    let Some(first) = stopping.next() else { return Ok(()) };
    let others: Vec<_> = stopping.map(|assessed| assessed.migration.version.to_string()).collect();
    let error = in_the_way(first);
    Err(match others.len() {
        0 => error,
        _ => error.detail(format!("These versions need a decision too: {}.", others.join(", "))),
    })
}

/// Refuses to touch a version of which nobody knows what is there.
pub(super) fn whole(assessed: &Assessed<'_>) -> Result<()> {
    match assessed.state() {
        MigrationState::Partial | MigrationState::Conflict => Err(in_the_way(assessed)),
        _ => Ok(()),
    }
}

fn in_the_way(assessed: &Assessed<'_>) -> Error {
    let migration = assessed.migration;
    let (version, name) = (&migration.version, &migration.name);
    let repair = format!("evaldesk migrate repair {version}");
    let (what, hint) = match assessed.state() {
        MigrationState::Partial if migration.ruby.is_some() => {
            (format!("{version} {name} broke off half-way, and is Ruby now"), rails::what_is_left(version))
        }
        MigrationState::Partial => (
            format!("{version} {name} broke off half-way: {}", how_far(assessed)),
            format!("Go on with it or take it back: {repair} resume, or {repair} undo."),
        ),
        MigrationState::OutOfOrder => (
            format!("{version} {name} is older than {}, which is applied already", newer(assessed)),
            format!(
                "Apply it by its number: evaldesk migrate up {version}. Or let it go with the others: {repair} accept-order."
            ),
        ),
        _ => (
            format!(
                "{version} {name} is recorded as applied, but {}",
                assessed.in_words().unwrap_or_default()
            ),
            format!(
                "The number may belong to another migration ({repair} release), or somebody took the objects away: put them back, or strike the row out ({repair} strike)."
            ),
        ),
    };
    Error::new(ErrorKind::Refused, what).hint(hint)
}

fn how_far(assessed: &Assessed<'_>) -> String {
    let partial = assessed.partial.as_ref();
    partial
        .map_or(String::new(), |partial| format!("{} of {} statements are done", partial.done, partial.total))
}

fn newer(assessed: &Assessed<'_>) -> String {
    assessed.older_than.as_ref().map_or(String::new(), Version::to_string)
}

/// Refuses a version whose own requirements are neither up nor planned before it.
pub(super) fn requirements(
    assessment: &Assessment<'_>,
    migration: &Migration,
    before: &[Step<'_>],
) -> Result<()> {
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
