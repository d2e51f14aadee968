//! A database.yml with what Rails' PostgreSQL adapter really reads.
//!
//! Rails runs the file as ERB before it reads it as YAML: whatever comes from a profile is quoted for both, or a
//! database's name could run Ruby.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::connection::{ConnectionProfile, Environment, SecretPolicy, TlsMode};

/// A file for an application, and what to know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseYml {
    pub text: String,
    /// What differs from the guide's file, and why.
    pub notes: Vec<String>,
}

/// Rails' own default: how long a thread waits for a free connection, in seconds.
const CHECKOUT_TIMEOUT: u32 = 5;

/// Rails' own default: how often connections of dead threads are taken back, in seconds.
const REAPING_FREQUENCY: u32 = 60;

/// libpq takes less as this, in seconds.
const SHORTEST_CONNECT_TIMEOUT: u32 = 2;

/// Where PgBouncer listens as a rule.
const PORT_OF_PGBOUNCER: u16 = 6432;

/// Writes the file for one connection. It has no secret in it.
pub fn database_yml(profile: &ConnectionProfile) -> DatabaseYml {
    let mut file = Lines::default();
    file.push(0, &format!("# The connection {} of Evaldesk.", comment(&profile.name)));
    file.push(0, &format!("{}:", environment(profile)));
    file.set(1, "adapter", "postgresql");
    file.set(1, "encoding", "unicode");
    address(profile, &mut file);
    encryption(profile, &mut file);
    limits(profile, &mut file);
    DatabaseYml { text: file.0, notes: notes(profile) }
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    fn push(&mut self, depth: usize, line: &str) {
        self.0.push_str(&"  ".repeat(depth));
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn set(&mut self, depth: usize, key: &str, value: impl std::fmt::Display) {
        self.push(depth, &format!("{key}: {value}"));
    }
}

fn address(profile: &ConnectionProfile, file: &mut Lines) {
    file.set(1, "host", quoted(&profile.host));
    file.set(1, "port", profile.port);
    file.set(1, "database", quoted(&profile.database));
    file.set(1, "username", quoted(&profile.user));
    if profile.secret_policy != SecretPolicy::None {
        // Without quotes a password with a colon or a hash would mean something else.
        file.set(1, "password", r#"'<%= ENV["DATABASE_PASSWORD"].to_s.gsub("'", "''") %>'"#);
    }
}

fn encryption(profile: &ConnectionProfile, file: &mut Lines) {
    if profile.host.starts_with('/') {
        return;
    }
    file.set(1, "sslmode", mode(profile.tls));
    if let Some(root) = &profile.tls_root_cert {
        file.set(1, "sslrootcert", quoted(root));
    }
}

fn limits(profile: &ConnectionProfile, file: &mut Lines) {
    let timeouts = &profile.timeouts;
    file.set(1, "pool", r#"<%= ENV["DATABASE_POOL"] || 5 %>"#);
    file.set(1, "checkout_timeout", CHECKOUT_TIMEOUT);
    file.set(1, "reaping_frequency", REAPING_FREQUENCY);
    if timeouts.connect_ms > 0 {
        file.set(1, "connect_timeout", timeouts.connect_ms.div_ceil(1000).max(SHORTEST_CONNECT_TIMEOUT));
    }
    file.push(1, "variables:");
    file.set(2, "statement_timeout", timeouts.statement_ms);
    file.set(2, "lock_timeout", timeouts.lock_ms);
    file.set(2, "idle_in_transaction_session_timeout", timeouts.idle_in_transaction_ms);
}

fn environment(profile: &ConnectionProfile) -> &'static str {
    match profile.environment {
        Environment::Development => "development",
        Environment::Test => "test",
        Environment::Staging => "staging",
        Environment::Production => "production",
        Environment::Other => "other",
    }
}

fn mode(tls: TlsMode) -> &'static str {
    match tls {
        TlsMode::Disable => "disable",
        TlsMode::Allow => "allow",
        TlsMode::Prefer => "prefer",
        TlsMode::Require => "require",
        TlsMode::VerifyCa => "verify-ca",
        TlsMode::VerifyFull => "verify-full",
    }
}

/// A text as YAML and ERB both leave it: JSON's quotes, and `<%` with the percent that ERB takes for one.
fn quoted(text: &str) -> String {
    let json = serde_json::Value::String(text.to_owned()).to_string();
    without_tags(&json)
}

/// ERB runs what is in a comment too.
fn comment(text: &str) -> String {
    without_tags(&text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>())
}

fn without_tags(text: &str) -> String {
    text.replace("<%", "<%%")
}

fn notes(profile: &ConnectionProfile) -> Vec<String> {
    let mut notes = vec![
        "The guide's timeout: 5000 is left out: Rails' PostgreSQL adapter does not read it. What it reads is checkout_timeout (a free connection of the pool), connect_timeout (the server), and the server's own settings under variables.".to_owned(),
        "A larger pool answers ActiveRecord::ConnectionTimeoutError. Against the server's “too many connections” it makes things worse, other than the guide says: all pools of all processes share max_connections.".to_owned(),
    ];
    if profile.secret_policy != SecretPolicy::None {
        notes.push("Set DATABASE_PASSWORD where the application runs. The guide's defaults, user postgres with the password “password”, are left out: an application without its variable should fail, not sign in.".to_owned());
    }
    notes.extend(by_profile(profile));
    notes
}

fn by_profile(profile: &ConnectionProfile) -> Vec<String> {
    let mut notes = Vec::new();
    let mut say = |when: bool, note: &str| when.then(|| notes.push(note.to_owned()));
    let unchecked =
        matches!(profile.tls, TlsMode::Disable | TlsMode::Allow | TlsMode::Prefer | TlsMode::Require);
    say(
        unchecked && !profile.is_loopback(),
        "Nothing checks who answers at this address. The guide's file names no sslmode at all; verify-full with the authority in sslrootcert is what keeps the password safe on the way.",
    );
    say(
        profile.port == PORT_OF_PGBOUNCER,
        "Port 6432 is PgBouncer's as a rule. Where it pools by transaction, add prepared_statements: false and advisory_locks: false, move the variables to ALTER ROLE, and migrate by the server's own port.",
    );
    say(
        profile.read_only,
        "This connection is read-only in Evaldesk. Rails is not bound by that: use a role that may only read.",
    );
    say(
        profile.environment == Environment::Other,
        "Rename the entry to the name of the environment that the application runs in (RAILS_ENV).",
    );
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(change: impl FnOnce(&mut ConnectionProfile)) -> String {
        let mut profile = ConnectionProfile::new("Staging", "db.example", 5432, "raaf_eval", "deploy");
        profile.environment = Environment::Staging;
        change(&mut profile);
        database_yml(&profile).text
    }

    #[test]
    fn what_the_adapter_reads_is_written_and_the_password_is_not() {
        insta::assert_snapshot!(written(|profile| {
            profile.tls = TlsMode::VerifyFull;
            profile.tls_root_cert = Some("/etc/ssl/ca.pem".to_owned());
        }));
    }

    #[test]
    fn a_name_can_run_no_ruby_and_break_no_yaml() {
        let text = written(|profile| {
            profile.name = "x\n<%= `id` %>".to_owned();
            profile.database = "a\": <%= `id` %> #\n".to_owned();
        });
        assert_eq!(text.matches("<%= ").count(), 2, "{text}");
        assert!(text.contains(r#"database: "a\": <%%= `id` %> #\n""#), "{text}");
    }

    #[test]
    fn a_socket_has_no_encryption_and_a_login_without_password_names_none() {
        let text = written(|profile| {
            profile.host = "/run/postgresql".to_owned();
            profile.secret_policy = SecretPolicy::None;
        });
        assert!(!text.contains("sslmode") && !text.contains("password"), "{text}");
    }
}
