//! The lines of a log file. Each tells one thing that happened to an entry; reading them in order gives the entries.

use serde::{Deserialize, Serialize};

use super::entry::{EntryId, Finish, LogEntry};
use super::{LogOutcome, NewEntry};

/// The version of these lines. A line of a newer one is not understood, and left as it is.
const FORMAT: u32 = 1;

/// One line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Line {
    v: u32,
    /// UTC, ISO 8601, by the server's clock.
    pub(super) at: String,
    #[serde(flatten)]
    pub(super) event: Event,
}

/// What happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Event {
    Begun {
        entry: Box<LogEntry>,
    },
    StatementBegun {
        id: EntryId,
        index: u32,
    },
    StatementDone {
        id: EntryId,
        index: u32,
    },
    /// The commit of this transaction is about to be sent: only the server knows what became of it.
    Committing {
        id: EntryId,
        transaction: i64,
        /// In which life of the server's memory: after a crash another transaction may get this number.
        #[serde(default)]
        life: Option<String>,
        index: Option<u32>,
        finish: Option<Finish>,
    },
    Finished {
        id: EntryId,
        finish: Finish,
    },
}

impl Event {
    /// Whether the disk has to have it before the run goes on. A version in one transaction is as its row of the ledger
    /// says; only statement by statement nothing else tells how far it came.
    pub(super) fn must_outlive_a_power_loss(&self) -> bool {
        match self {
            Self::StatementBegun { .. } | Self::StatementDone { .. } => true,
            Self::Committing { index, .. } => index.is_some(),
            Self::Begun { .. } => false,
            // What a person decided stands nowhere else.
            Self::Finished { finish, .. } => !matches!(finish.outcome, LogOutcome::Done | LogOutcome::Failed),
        }
    }
}

/// What a commit would have made true, as long as nobody knows whether it came to be.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub(super) transaction: i64,
    pub(super) life: Option<String>,
    pub(super) index: Option<u32>,
    pub(super) finish: Option<Finish>,
    pub(super) at: String,
}

/// An entry as the lines so far tell it.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) entry: LogEntry,
    pub(super) pending: Option<Pending>,
}

impl Line {
    pub(super) fn new(at: String, event: Event) -> Self {
        Self { v: FORMAT, at, event }
    }
}

/// The first line of an entry.
pub(super) fn begun(id: EntryId, new: &NewEntry, by: By) -> LogEntry {
    LogEntry {
        id,
        version: new.version.clone(),
        name: new.name.clone(),
        direction: new.direction,
        transactional: new.transactional,
        scripts: new.scripts.clone(),
        statements_total: new.statements_total,
        statements_done: new.statements_done,
        statement_open: None,
        lock_trace: None,
        fingerprint_before: new.fingerprint_before.clone(),
        fingerprint_after: None,
        started_at: by.at,
        finished_at: None,
        elapsed_ms: None,
        outcome: LogOutcome::Running,
        error: None,
        note: new.note.clone(),
        continues: new.continues,
        app_version: by.actor.app_version,
        db_user: by.user,
        os_user: by.actor.name,
        host: by.actor.host,
        backend_pid: Some(by.pid),
        interrupted: false,
        kept_in: super::LogPlace::File,
    }
}

/// Who begins an entry, and when.
pub(super) struct By {
    pub(super) at: String,
    pub(super) user: String,
    pub(super) pid: i32,
    pub(super) actor: crate::migrate::Actor,
}

/// Reads a file's text. What is torn, or of a newer version, is passed over.
pub(super) fn read(text: &str) -> Vec<Told> {
    let mut told = Vec::new();
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
    for line in lines.filter(|line| line.v <= FORMAT) {
        take(&mut told, line);
    }
    told
}

fn take(told: &mut Vec<Told>, line: Line) {
    let at = line.at;
    match line.event {
        Event::Begun { entry } => told.push(Told { entry: *entry, pending: None }),
        Event::StatementBegun { id, index } => {
            with(told, id, |one| one.entry.statement_open = Some(index));
        }
        Event::StatementDone { id, index } => with(told, id, |one| one.done(index)),
        Event::Committing { id, transaction, life, index, finish } => {
            with(told, id, |one| one.pending = Some(Pending { transaction, life, index, finish, at }));
        }
        Event::Finished { id, finish } => with(told, id, |one| one.finished(&finish, &at)),
    }
}

fn with(told: &mut [Told], id: EntryId, change: impl FnOnce(&mut Told)) {
    if let Some(one) = told.iter_mut().rev().find(|one| one.entry.id == id) {
        change(one);
    }
}

impl Told {
    /// A statement is done.
    pub(super) fn done(&mut self, index: u32) {
        self.pending = None;
        self.entry.statement_open = None;
        self.entry.statements_done = self.entry.statements_done.max(index.saturating_add(1));
    }

    /// The entry has its end. The first one holds.
    ///
    /// A run that lost its connection in a commit says that it failed and does not know: the server is asked all the same.
    pub(super) fn finished(&mut self, finish: &Finish, at: &str) {
        if finish.outcome != LogOutcome::Failed {
            self.pending = None;
        }
        if self.entry.outcome != LogOutcome::Running {
            return;
        }
        let entry = &mut self.entry;
        entry.outcome = finish.outcome;
        entry.error.clone_from(&finish.error);
        entry.fingerprint_after.clone_from(&finish.fingerprint_after);
        entry.lock_trace.clone_from(&finish.lock_trace);
        entry.finished_at = Some(at.to_owned());
        entry.elapsed_ms = between(&entry.started_at, at);
        if finish.outcome == LogOutcome::Done {
            entry.statements_done = entry.statements_total;
            entry.statement_open = None;
        }
    }
}

fn between(from: &str, to: &str) -> Option<u64> {
    let moment = |text: &str| chrono::DateTime::parse_from_rfc3339(text).ok();
    u64::try_from((moment(to)? - moment(from)?).num_milliseconds()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::{Actor, Direction, Version};

    fn entry() -> (EntryId, String) {
        let id = EntryId::new();
        let new = NewEntry {
            statements_total: 3,
            transactional: false,
            ..NewEntry::without_file(&Version::new("7"), "x")
        };
        assert_eq!(new.direction, Direction::Up);
        let by = By { at: at(0), user: "u".to_owned(), pid: 1, actor: Actor::default() };
        (id, line(0, Event::Begun { entry: Box::new(begun(id, &new, by)) }))
    }

    fn at(second: u32) -> String {
        format!("2026-01-01T00:00:{second:02}.000000Z")
    }

    fn line(second: u32, event: Event) -> String {
        serde_json::to_string(&Line::new(at(second), event)).unwrap() + "\n"
    }

    #[test]
    fn lines_in_order_give_the_entry() {
        let (id, first) = entry();
        let text = first
            + &line(1, Event::StatementBegun { id, index: 0 })
            + &line(2, Event::StatementDone { id, index: 0 })
            + &line(3, Event::StatementBegun { id, index: 1 })
            + &line(4, Event::Finished { id, finish: Finish::failed("no") });
        let told = read(&text);
        let entry = &told[0].entry;
        assert_eq!((entry.statements_done, entry.statement_open), (1, Some(1)));
        assert_eq!((entry.outcome, entry.elapsed_ms), (LogOutcome::Failed, Some(4000)));
        assert!(entry.is_partial());
    }

    #[test]
    fn a_torn_line_and_lines_of_a_newer_version_are_passed_over() {
        let (id, first) = entry();
        let newer = line(1, Event::Finished { id, finish: Finish::done() }).replace("\"v\":1", "\"v\":2");
        let unknown = "{\"v\":1,\"at\":\"x\",\"event\":\"levitated\",\"id\":\"y\"}\n";
        let torn = &line(2, Event::Finished { id, finish: Finish::done() })[..40];
        let told = read(&(first + &newer + unknown + torn));
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].entry.outcome, LogOutcome::Running);
    }

    #[test]
    fn a_commit_that_nobody_confirmed_stays_pending() {
        let (id, first) = entry();
        let commit =
            line(1, Event::Committing { id, transaction: 742, life: None, index: Some(1), finish: None });
        assert_eq!(read(&(first.clone() + &commit))[0].pending.as_ref().unwrap().transaction, 742);
        let confirmed = first + &commit + &line(2, Event::StatementDone { id, index: 1 });
        assert!(read(&confirmed)[0].pending.is_none());
        assert_eq!(read(&confirmed)[0].entry.statements_done, 2);
    }

    #[test]
    fn a_run_that_says_it_failed_does_not_settle_a_commit_that_nobody_confirmed() {
        let (id, first) = entry();
        let commit =
            line(1, Event::Committing { id, transaction: 742, life: None, index: Some(1), finish: None });
        let failed = line(2, Event::Finished { id, finish: Finish::failed("the connection was lost") });
        let told = read(&(first + &commit + &failed));
        assert_eq!(told[0].entry.outcome, LogOutcome::Failed);
        assert_eq!(told[0].pending.as_ref().unwrap().transaction, 742);
    }

    #[test]
    fn the_first_end_of_an_entry_holds() {
        let (id, first) = entry();
        let text = first
            + &line(1, Event::Finished { id, finish: Finish::done() })
            + &line(2, Event::Finished { id, finish: Finish::failed("late") });
        assert_eq!(read(&text)[0].entry.outcome, LogOutcome::Done);
    }
}
