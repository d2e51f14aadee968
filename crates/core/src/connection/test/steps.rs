//! The steps of a test in order, each with how it ended and how long it took.

use std::time::Instant;

use super::{ServerFacts, StepOutcome, TestStep};
use crate::connection::{ConnectionProfile, PoolMode, Pooler};
use crate::{Error, ErrorKind, Result};

const ORDER: [&str; 8] = ["Tunnel", "Host", "Reached", "TLS", "Password", "Database", "Version", "Direct"];

/// What was tested so far.
pub(super) struct Steps {
    order: &'static [&'static str],
    done: Vec<TestStep>,
    /// The step under way; none while several are, and the error itself tells which.
    doing: Option<&'static str>,
    since: Instant,
}

impl Steps {
    /// The steps of a profile: one without a tunnel has none for it.
    pub(super) fn of(profile: &ConnectionProfile) -> Self {
        let order = if profile.ssh.is_some() { &ORDER[..] } else { &ORDER[1..] };
        Self { order, done: Vec::new(), doing: None, since: Instant::now() }
    }

    pub(super) fn into_list(self) -> Vec<TestStep> {
        self.done
    }

    /// Begins one step.
    pub(super) fn begin(&mut self, name: &'static str) {
        (self.doing, self.since) = (Some(name), Instant::now());
    }

    /// Begins several that are one act.
    pub(super) fn begin_some(&mut self) {
        (self.doing, self.since) = (None, Instant::now());
    }

    /// The step under way went well.
    pub(super) fn ok(&mut self, detail: String) {
        let took = self.lap();
        if let Some(name) = self.doing.take() {
            self.add(name, detail, Some(took));
        }
    }

    /// Milliseconds since the last one.
    pub(super) fn lap(&mut self) -> f64 {
        let took = self.since.elapsed();
        self.since = Instant::now();
        took.as_secs_f64() * 1000.0
    }

    pub(super) fn add(&mut self, name: &str, detail: String, took_ms: Option<f64>) {
        self.push(name, StepOutcome::Ok, detail, took_ms);
    }

    fn push(&mut self, name: &str, outcome: StepOutcome, detail: String, took_ms: Option<f64>) {
        self.done.push(TestStep { name: name.to_owned(), outcome, detail, took_ms });
    }

    pub(super) fn version(&mut self, facts: &ServerFacts, took_ms: f64) {
        let text = &facts.version.text;
        let (outcome, detail) = match &facts.notice {
            Some(notice) => (StepOutcome::Attention, notice.clone()),
            None => (StepOutcome::Ok, format!("PostgreSQL {text}")),
        };
        self.push("Version", outcome, detail, Some(took_ms));
    }

    /// A pooler that nothing works through stops the test.
    ///
    /// # Errors
    /// `Refused` in statement mode.
    pub(super) fn pooled(&mut self, pooler: Option<&Pooler>, profile: &ConnectionProfile) -> Result<()> {
        let checked = pooler.map_or(Ok(()), |pooler| pooler.check_transactions(profile));
        checked.inspect_err(|_| self.begin("Direct"))
    }

    /// Whether the session is the server's own.
    pub(super) fn direct(&mut self, pooler: Option<&Pooler>, took_ms: f64) {
        let took = Some(took_ms);
        match pooler {
            None => {
                self.add("Direct", "nothing in between: the session is the server's own".to_owned(), took);
            }
            Some(pooler) => self.push("Direct", StepOutcome::Attention, in_between(pooler), took),
        }
    }

    /// Marks the step that the error belongs to: those before it worked, those after it were not reached.
    pub(super) fn fail(&mut self, error: &Error) {
        let took = self.lap();
        let name = self.doing.unwrap_or_else(|| step_of(error));
        let failed = self.order.iter().position(|step| *step == name).unwrap_or(0).max(self.done.len());
        for (at, name) in self.order.iter().enumerate().skip(self.done.len()) {
            match at.cmp(&failed) {
                std::cmp::Ordering::Less => self.add(name, "passed".to_owned(), None),
                std::cmp::Ordering::Equal => {
                    self.push(name, StepOutcome::Failed, error.message().to_owned(), Some(took));
                }
                std::cmp::Ordering::Greater => {
                    self.push(name, StepOutcome::Skipped, "not reached".to_owned(), None);
                }
            }
        }
    }
}

fn step_of(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::UnknownHost | ErrorKind::InvalidArguments => "Host",
        ErrorKind::Tls => "TLS",
        ErrorKind::AuthenticationFailed => "Password",
        ErrorKind::DatabaseMissing | ErrorKind::PermissionDenied => "Database",
        ErrorKind::ServerTooOld => "Version",
        ErrorKind::UnknownHostKey => "Tunnel",
        _ => "Reached",
    }
}

/// What a pooler is, and what it is in the way of.
fn in_between(pooler: &Pooler) -> String {
    let mode = match pooler.mode {
        PoolMode::Session => " in session mode",
        PoolMode::Transaction => " in transaction mode",
        PoolMode::Statement => " in statement mode",
        PoolMode::Unknown => ", in a mode that it does not tell,",
    };
    let server = pooler.server.as_ref().map(|server| format!(", before {server}")).unwrap_or_default();
    let lost = match pooler.mode {
        PoolMode::Session => "Migrations need the server itself: a lock must not be left to the next client.",
        _ => {
            "Reading and the query workbench work: each look and each statement is a transaction, and nothing is set that would stay with a stranger. Through it do not work: migrations and maintenance, and what belongs to a session: LISTEN, advisory locks, settings, temporary tables, prepared statements."
        }
    };
    format!("{}{mode} is in between{server}. {lost}", pooler.called())
}
