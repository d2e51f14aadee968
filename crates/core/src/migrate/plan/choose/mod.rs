//! Which versions a request means, in which order, and what forbids it. A file a request.

mod down;
mod guard;
mod left;
mod like;
mod partial;
mod redo;
mod resumed;
mod to;
mod undo;
mod up;
mod words;

use super::super::MigrationSet;
use super::super::assess::Assessment;
use super::{Direction, MigrationRequest, Step};
use crate::Result;

pub(super) use left::Clear;
pub(super) use resumed::{find_place, sets_for_others};
pub(super) use undo::leave_out;

/// The chosen versions, and what to say about the choice.
#[derive(Debug, Default)]
pub(super) struct Chosen<'a> {
    pub(super) steps: Vec<Step<'a>>,
    pub(super) notices: Vec<String>,
}

impl Chosen<'_> {
    /// Nothing to do, and why.
    fn nothing(why: impl Into<String>) -> Self {
        Self { notices: vec![why.into()], ..Self::default() }
    }
}

/// Chooses.
pub(super) fn choose<'a>(
    assessment: &Assessment<'a>,
    set: &'a MigrationSet,
    request: &MigrationRequest,
) -> Result<Chosen<'a>> {
    match request {
        MigrationRequest::Up => up::up(assessment, None),
        MigrationRequest::UpTo { version } => {
            set.require(version)?;
            up::up(assessment, Some(version))
        }
        MigrationRequest::UpOnly { version } => up::up_only(assessment, set.require(version)?),
        MigrationRequest::Down { version } => down::down(assessment, set, version),
        MigrationRequest::To { version } => to::to(assessment, set, version),
        MigrationRequest::Rollback { step } => down::rollback(assessment, set, *step),
        MigrationRequest::Redo { step } => redo::redo(assessment, set, *step),
        MigrationRequest::RedoVersion { version } => redo::redo_version(assessment, set, version),
        MigrationRequest::Resume { version } => partial::resume(assessment, set, version),
        MigrationRequest::Undo { version } => partial::undo(assessment, set, version),
    }
}
