//! A version of Ruby that broke off: rake runs it as a whole, in the application, which tells nobody how far it came.

use crate::migrate::file::Migration;
use crate::migrate::{RepairVerb, Version};
use crate::{Error, ErrorKind};

/// Why there is nothing to resume or undo, and what to do.
pub(in crate::migrate) fn has_no_statements(migration: &Migration, verb: RepairVerb) -> Error {
    let (version, name) = (&migration.version, &migration.name);
    let what = format!(
        "cannot {verb} {version} {name}: it is Ruby, which rake runs as a whole, and nobody knows at which statement it broke off"
    );
    Error::new(ErrorKind::Precondition, what).hint(what_is_left(version))
}

/// What a person can do. rake passes over a version that is not recorded when it is to take it back.
pub(in crate::migrate) fn what_is_left(version: &Version) -> String {
    format!(
        "Look what of it is there. rake db:migrate:up VERSION={version} runs it from its beginning: let its file pass over what is there (if_not_exists: true), or take that away before. Once it is recorded, rake db:migrate:down VERSION={version} takes it back."
    )
}
