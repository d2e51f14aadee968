//! Why a verb does not fit, and what to know of one that does.

use super::RepairVerb;
use crate::migrate::assess::Assessed;
use crate::migrate::ledger::LedgerRow;
use crate::migrate::{LedgerKind, Version};
use crate::{Error, ErrorKind};

pub(super) fn does_not_fit(version: &Version, verb: RepairVerb, assessed: Option<&Assessed<'_>>) -> Error {
    let mends = match verb {
        RepairVerb::Resume | RepairVerb::Undo => "a version that broke off half-way",
        RepairVerb::AcceptChange => "a version whose file differs from the one that was applied",
        RepairVerb::AcceptOrder => "a version that is older than others that are applied",
        RepairVerb::Forget | RepairVerb::RestoreFile => "an applied version that has no file here",
        RepairVerb::Strike => "a version that is recorded while its objects are not there",
        RepairVerb::Release => "a version that is recorded in schema_migrations",
        RepairVerb::Record => {
            "a version whose objects are there while it is not recorded, as its verify file tells"
        }
    };
    let name = assessed.map_or(String::new(), |assessed| format!(" {}", assessed.migration.name));
    Error::new(ErrorKind::Precondition, format!("{verb} mends {mends}; {version}{name} is none"))
        .hint("See what needs a decision, and which verbs mend it: evaldesk migrate repair.")
}

pub(super) fn anothers_row(row: &LedgerRow, kind: LedgerKind) -> Error {
    let (version, owner) = (&row.version, kind.owner());
    Error::new(ErrorKind::Refused, format!("{version} stands in schema_migrations, which {owner} keeps"))
        .hint(format!("Take it out with {owner}, whose version it is."))
}

pub(super) fn owner_would_run_it(kind: LedgerKind) -> String {
    let owner = kind.owner();
    format!(
        "{owner} keeps schema_migrations: if the number is a migration of its own, it would run that again. Release leaves the row where it is."
    )
}

pub(super) fn release_needs_consent(version: &Version) -> Error {
    Error::new(
        ErrorKind::Refused,
        format!("to release {version}, ours has to be kept apart, in the schema evaldesk"),
    )
    .hint("Consent to that schema: --log-schema, or the setting of the connection's profile.")
}
