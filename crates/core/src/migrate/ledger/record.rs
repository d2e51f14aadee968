//! What is written down of a version that is up.

use std::time::Duration;

use crate::migrate::Version;
use crate::migrate::file::Migration;

/// A version about to be recorded.
#[derive(Debug, Clone, Copy)]
pub(in crate::migrate) struct Record<'a> {
    pub(in crate::migrate) version: &'a Version,
    pub(in crate::migrate) name: &'a str,
    /// As its file spells it: dbmate keeps that in its ledger.
    pub(in crate::migrate) spelled: &'a str,
    /// Of the up file.
    pub(in crate::migrate) sha384: &'a str,
    /// How long it took; `None` where nothing ran.
    pub(in crate::migrate) elapsed: Option<Duration>,
    /// Recorded without having been run.
    pub(in crate::migrate) baselined: bool,
}

impl<'a> Record<'a> {
    /// A version that ran.
    pub(in crate::migrate) fn ran(migration: &'a Migration, elapsed: Duration) -> Self {
        Self { elapsed: Some(elapsed), baselined: false, ..Self::baseline(migration) }
    }

    /// A version whose objects were there.
    pub(in crate::migrate) fn baseline(migration: &'a Migration) -> Self {
        Self {
            version: &migration.version,
            name: &migration.name,
            spelled: &migration.spelled,
            sha384: &migration.up.sha384,
            elapsed: None,
            baselined: true,
        }
    }
}
