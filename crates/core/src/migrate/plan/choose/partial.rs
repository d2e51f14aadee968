//! What broke off: on with it from where it stopped, or back.

use super::super::super::assess::{Assessed, Assessment};
use super::super::super::file::Migration;
use super::super::super::state::PartialRun;
use super::super::super::{MigrationSet, RepairVerb, ScriptRole, Version, rails};
use super::{Chosen, Direction, Step};
use crate::sql::statement::{StatementKind, describe};
use crate::{Error, ErrorKind, Result};

/// The statements that are left.
pub(super) fn resume<'a>(
    assessment: &Assessment<'a>,
    set: &'a MigrationSet,
    version: &Version,
) -> Result<Chosen<'a>> {
    let (assessed, partial) = broken(assessment, set, version, RepairVerb::Resume)?;
    let step = Step {
        from: partial.done,
        continues: Some(partial.entry),
        resumes: true,
        open: partial.open,
        mends: assessed.history.takes_back(),
        ..Step::new(set.require(version)?, partial.direction)
    };
    let mut chosen = Chosen { steps: vec![step], ..Chosen::default() };
    chosen.notices.extend(changed_since(assessed, &partial));
    Ok(chosen)
}

/// The other file, without what it would take back of statements that never ran.
pub(super) fn undo<'a>(
    assessment: &Assessment<'a>,
    set: &'a MigrationSet,
    version: &Version,
) -> Result<Chosen<'a>> {
    let (_, partial) = broken(assessment, set, version, RepairVerb::Undo)?;
    let back = match partial.direction {
        Direction::Up => Direction::Down,
        Direction::Down => Direction::Up,
    };
    let migration = set.require(version)?;
    if back == Direction::Up {
        only_defines(migration)?;
    }
    let broken = partial.open.and_then(|open| statement(migration, partial.direction, open));
    let step = Step { continues: Some(partial.entry), mends: true, broken, ..Step::new(migration, back) };
    Ok(Chosen { steps: vec![step], ..Chosen::default() })
}

/// The text of a statement of the file, counted from 0.
fn statement(migration: &Migration, direction: Direction, index: u32) -> Option<&str> {
    let script = match direction {
        Direction::Up => Some(&migration.up),
        Direction::Down => migration.down.as_ref(),
    };
    script?.statements.get(index as usize).map(|statement| statement.text.as_str())
}

/// What is made again is passed over where it is there still. Rows that are written again would be there twice.
fn only_defines(migration: &Migration) -> Result<()> {
    let writes = |text: &str| {
        matches!(describe(text).kind, StatementKind::Write | StatementKind::Run | StatementKind::Unknown)
    };
    let Some(first) = migration.up.statements.iter().find(|statement| writes(&statement.text)) else {
        return Ok(());
    };
    let Migration { version, name, up, .. } = migration;
    let what = format!(
        "{version} {name} broke off on its way down, and line {} of {} writes rows",
        first.line, up.file
    );
    Err(Error::new(ErrorKind::Precondition, what)
        .hint("Running it again would write them twice: go on down instead, with evaldesk migrate repair VERSION resume."))
}

fn broken<'b, 'a>(
    assessment: &'b Assessment<'a>,
    set: &MigrationSet,
    version: &Version,
    verb: RepairVerb,
) -> Result<(&'b Assessed<'a>, PartialRun)> {
    let migration = set.require(version)?;
    if migration.ruby.is_some() {
        return Err(rails::has_no_statements(migration, verb));
    }
    let assessed = assessment.get(version);
    assessed.and_then(|assessed| Some((assessed, assessed.partial.clone()?))).ok_or_else(|| {
        Error::new(
            ErrorKind::Precondition,
            format!("{version} {} did not break off: there is nothing to resume or undo", migration.name),
        )
        .hint("See how it stands: evaldesk migrate status.")
    })
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
