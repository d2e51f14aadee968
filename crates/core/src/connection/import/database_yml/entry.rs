//! One connection of a database.yml, with the keys that Rails' PostgreSQL adapter reads.

use super::super::conninfo::{Conninfo, finish};
use super::super::reading::Candidate;
use super::File;
use super::erb::Filled;
use super::ruby::Value;
use super::yaml::Node;
use crate::connection::{Environment, Timeouts, parse_url_as};

/// libpq's keywords under Rails' names.
const KEYWORDS: [(&str, &str); 11] = [
    ("host", "host"),
    ("hostaddr", "hostaddr"),
    ("port", "port"),
    ("database", "dbname"),
    ("username", "user"),
    ("user", "user"),
    ("password", "password"),
    ("sslmode", "sslmode"),
    ("sslrootcert", "sslrootcert"),
    ("application_name", "application_name"),
    ("connect_timeout", "connect_timeout"),
];

/// The guide's default password, which is no secret.
const PASSWORD_OF_THE_GUIDE: &str = "password";

/// The guide's own error, and many a file's since.
pub(super) const TIMEOUT_IS_NOT_READ: &str =
    "timeout is not read by Rails' PostgreSQL adapter; a database.yml written by Evaldesk has what is.";

pub(super) struct Entry<'a> {
    file: &'a File<'a>,
    node: &'a Node,
}

impl<'a> Entry<'a> {
    pub(super) fn new(file: &'a File<'a>, node: &'a Node) -> Self {
        Self { file, node }
    }

    pub(super) fn candidate(&self, name: &str, environment: Environment) -> Candidate {
        let mut problems = Vec::new();
        let mut conninfo = Conninfo::default();
        for (key, keyword) in KEYWORDS {
            if let Some(value) = self.value(key, &mut problems) {
                conninfo.set(keyword, &value);
            }
        }
        let named = self.node.get("database").is_some();
        let mut candidate = conninfo.candidate(name, self.file.around);
        candidate.profile.environment = environment;
        self.take_url(&mut candidate, named, &mut problems);
        self.check_adapter(&mut candidate, &mut problems);
        self.take_limits(&mut candidate, &mut problems);
        self.remarks(&mut candidate);
        finish(&mut candidate, self.file.around, None);
        sort_out(&mut candidate, problems);
        candidate
    }

    /// The text of a key, or nothing where it is absent, null, or not understood.
    fn value(&self, key: &'static str, problems: &mut Vec<(&'static str, String)>) -> Option<String> {
        let node = self.node.get(key)?;
        let line = self.file.expanded.line(node.line);
        let Some((text, plain)) = node.text() else {
            problems.push((key, format!("line {line}: {key} is no text")));
            return None;
        };
        match self.file.expanded.fill(text) {
            Filled::Text(text) if plain && matches!(text.as_str(), "" | "~" | "null") => None,
            Filled::Text(text) => Some(text),
            Filled::Not { line, why } => {
                problems.push((key, format!("line {line}: {key}: {why}")));
                None
            }
        }
    }

    /// What the URL says counts more than the keys beside it, as in Rails.
    fn take_url(&self, candidate: &mut Candidate, named: bool, problems: &mut Vec<(&'static str, String)>) {
        match self.value("url", problems) {
            Some(url) => match parse_url_as(&url, &self.file.around.default_user()) {
                Ok(parsed) => {
                    let name = std::mem::take(&mut candidate.profile.name);
                    let environment = candidate.profile.environment;
                    candidate.profile = parsed.profile;
                    (candidate.profile.name, candidate.profile.environment) = (name, environment);
                    candidate.password = parsed.password.or(candidate.password.take());
                }
                Err(error) => problems.push(("url", format!("url: {}", error.message()))),
            },
            None if !named => problems.push(("database", self.no_database())),
            None => {}
        }
    }

    fn no_database(&self) -> String {
        let unset = self.node.get("url").and_then(|node| node.text()).map(|(text, _)| text);
        let code =
            unset.and_then(|text| self.file.expanded.tags_of(text).next()).map(|tag| tag.code.as_str());
        code.map_or_else(
            || "it names no database".to_owned(),
            |code| format!("its url, {code}, is empty here, and it names no database"),
        )
    }

    fn check_adapter(&self, candidate: &mut Candidate, problems: &mut Vec<(&'static str, String)>) {
        let adapter = self.value("adapter", problems);
        if let Some(other) =
            adapter.filter(|name| !matches!(name.as_str(), "postgresql" | "postgis" | "postgres"))
        {
            candidate.fails(format!("its adapter is {other}; Evaldesk speaks to PostgreSQL alone"));
        }
    }

    fn take_limits(&self, candidate: &mut Candidate, problems: &mut Vec<(&'static str, String)>) {
        let Some(variables) = self.node.get("variables") else { return };
        let own = Self { file: self.file, node: variables };
        let mut limit = |key: &'static str| own.value(key, problems).and_then(|text| milliseconds(&text));
        let held = candidate.profile.timeouts;
        candidate.profile.timeouts = Timeouts {
            statement_ms: limit("statement_timeout").unwrap_or(held.statement_ms),
            lock_ms: limit("lock_timeout").unwrap_or(held.lock_ms),
            idle_in_transaction_ms: limit("idle_in_transaction_session_timeout")
                .unwrap_or(held.idle_in_transaction_ms),
            ..held
        };
    }

    /// What Rails does with it and its people may not know.
    fn remarks(&self, candidate: &mut Candidate) {
        if self.node.get("timeout").is_some() {
            candidate.note(TIMEOUT_IS_NOT_READ);
        }
        if candidate.password.as_ref().is_some_and(|secret| secret.expose() == PASSWORD_OF_THE_GUIDE) {
            candidate.note("Its password is the word “password”, as the guide has it.");
        }
        if self.breaks_yaml("password") {
            candidate.note(
                "Rails puts the password into the file without quotes and reads another one: quote the tag.",
            );
        }
    }

    /// Rails fills in values before it reads the YAML, where some of them mean something.
    fn breaks_yaml(&self, key: &str) -> bool {
        let Some((text, true)) = self.node.get(key).and_then(|node| node.text()) else { return false };
        let means = |value: &str| {
            value.starts_with(['!', '&', '*', '|', '>', '@', '`', '%', '{', '[', '"', '\'', '#', ' '])
                || [": ", " #", "\n"].iter().any(|sign| value.contains(sign))
                || value.ends_with([':', ' '])
        };
        self.file
            .expanded
            .tags_of(text)
            .any(|tag| matches!(&tag.value, Some(Value::Text(value)) if means(value)))
    }
}

/// A password that is not known can be asked for; without the rest there is nothing to connect to.
fn sort_out(candidate: &mut Candidate, problems: Vec<(&'static str, String)>) {
    for (key, problem) in problems {
        match key {
            "url" | "host" | "hostaddr" | "port" | "database" | "username" | "user" => {
                candidate.fails(problem);
            }
            _ => candidate.note(format!("{problem}.")),
        }
    }
}

/// As the server reads a time: a number of milliseconds, or with a unit.
fn milliseconds(text: &str) -> Option<u32> {
    let text = text.trim();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number: u32 = text[..text.len() - unit.len()].parse().ok()?;
    let factor = match unit.trim() {
        "" | "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number.checked_mul(factor)
}
