//! To a version, whichever way that is: everything up to it is up afterwards, and nothing newer.
//!
//! Differs from Rails, which goes one way alone: `db:migrate VERSION=` below the newest applied version leaves what is
//! pending below it as it is.

use super::super::super::assess::Assessment;
use super::super::super::{MigrationSet, Version};
use super::{Chosen, down, up};
use crate::Result;

/// Version 0 is before the first one.
pub(super) fn to<'a>(
    assessment: &Assessment<'a>,
    set: &'a MigrationSet,
    version: &Version,
) -> Result<Chosen<'a>> {
    if version.as_str() != "0" {
        set.require(version)?;
    }
    let newer: Vec<_> = assessment.applied().rev().filter(|applied| *applied > version).collect();
    let mut chosen = down::take_down(assessment, set, &newer)?;
    let ups = up::up(assessment, Some(version))?;
    chosen.steps.extend(ups.steps);
    chosen.notices.extend(ups.notices);
    if chosen.steps.is_empty() {
        chosen.notices.push(format!("The database is at {version} already."));
    }
    Ok(chosen)
}
