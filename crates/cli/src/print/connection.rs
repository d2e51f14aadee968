//! A saved connection. There is no password in it.

use evaldesk_api::core::connection::{ConnectionProfile, WriteMode};
use serde::Serialize;

use super::Facts;

/// One connection with its settings.
pub(crate) fn connection(profile: &ConnectionProfile) {
    let migrations = &profile.migrations;
    let mut facts = Facts::default();
    facts
        .fact("name", profile.name.clone())
        .fact("id", profile.id.clone())
        .fact("group", profile.group.clone())
        .fact("environment", word(profile.environment))
        .fact("address", profile.address())
        .fact("database", profile.database.clone())
        .fact("user", profile.user.clone())
        .fact("mode", mode(profile).to_owned())
        .fact("tls", word(profile.tls))
        .fact("password", word(profile.secret_policy))
        .fact("password command", profile.password_command.clone())
        .fact("migrations", migrations.folder.clone().unwrap_or_else(|| "embedded".to_owned()))
        .fact("rake", migrations.rake.clone())
        .fact("evaldesk schema", migrations.own_schema.then(|| "may be made".to_owned()))
        .fact("migrates after", migrations.after.clone())
        .fact("notes", profile.notes.clone());
    facts.print();
}

/// What may be changed through it.
pub(crate) fn mode(profile: &ConnectionProfile) -> &'static str {
    match profile.write_mode() {
        WriteMode::ReadOnly if profile.read_only => "read-only",
        WriteMode::ReadOnly => "read-only for SQL",
        WriteMode::Confirm => "confirms writes",
        WriteMode::Free => "read and write",
    }
}

/// As the file spells it.
fn word(value: impl Serialize) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}
