//! A saved connection. There is no password in it.

use evaldesk_api::core::connection::{ConnectionProfile, ServerFacts, SshAuth, SshTunnel, WriteMode};
use serde::Serialize;

use super::Facts;
use crate::seconds::shown;

/// One connection with its settings.
pub(crate) fn connection(profile: &ConnectionProfile) {
    let (migrations, limits) = (&profile.migrations, &profile.timeouts);
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
        .fact("root certificate", profile.tls_root_cert.clone())
        .fact("own certificate", profile.tls_files.client_cert.clone())
        .fact("server name", profile.tls_files.server_name.clone())
        .fact("ssh tunnel", profile.ssh.as_ref().map(tunnel))
        .fact("password", word(profile.secret_policy))
        .fact("password command", profile.password_command.clone())
        .fact("statement timeout", shown(limits.statement_ms))
        .fact("lock timeout", shown(limits.lock_ms))
        .fact("idle timeout", shown(limits.idle_in_transaction_ms))
        .fact("connect timeout", shown(limits.connect_ms))
        .fact("migrations", migrations.folder.clone().unwrap_or_else(|| "embedded".to_owned()))
        .fact("rake", migrations.rake.clone())
        .fact("evaldesk schema", migrations.own_schema.then(|| "may be made".to_owned()))
        .fact("migrates after", migrations.after.clone())
        .fact("notes", profile.notes.clone());
    facts.print();
}

fn tunnel(ssh: &SshTunnel) -> String {
    let user = ssh.user.as_ref().map(|user| format!("{user}@")).unwrap_or_default();
    let port = ssh.port.map(|port| format!(":{port}")).unwrap_or_default();
    let by = match (ssh.auth, &ssh.key_file) {
        (SshAuth::Agent, _) => "ssh-agent".to_owned(),
        (SshAuth::Key, Some(file)) => format!("the key {file}"),
        (SshAuth::Key, None) => "a key file".to_owned(),
        (SshAuth::Password, _) => "a password".to_owned(),
    };
    let jumps =
        if ssh.jump.is_empty() { String::new() } else { format!(", by way of {}", ssh.jump.join(", ")) };
    format!("{user}{}{port}, by {by}{jumps}", ssh.host)
}

/// What a test found of the server, below its steps.
pub(crate) fn server_facts(server: &ServerFacts) {
    let line = |name: &str, text: String| super::line(&format!("{:<9}  {name:<8}  {text}", ""));
    let role = match (server.superuser, server.roles.as_slice()) {
        (true, _) => "superuser".to_owned(),
        (false, []) => "not superuser".to_owned(),
        (false, roles) => format!("not superuser, member of {}", roles.join(", ")),
    };
    if let Some(newer) = &server.newer_minor {
        line("Update", format!("{newer} is out, with repairs that {} has not", server.version.text));
    }
    line("Role", format!("{}, {role}", server.role));
    if let Some(bytes) = server.database_bytes {
        line("Size", super::bytes(bytes));
    }
    if let Some(ahead) = server.clock_ahead_ms {
        line("Clock", clock(ahead));
    }
    line("Extensions", server.extensions.join(", "));
}

/// What is less than the way there and back may add is not a difference.
fn clock(ahead_ms: i64) -> String {
    let seconds = format!("{}.{} s", ahead_ms.abs() / 1000, ahead_ms.abs() % 1000 / 100);
    match ahead_ms {
        -99..=99 => "as this computer's".to_owned(),
        ahead if ahead < 0 => format!("{seconds} behind this computer's"),
        _ => format!("{seconds} ahead of this computer's"),
    }
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
