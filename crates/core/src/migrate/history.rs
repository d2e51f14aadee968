//! What the log says of one version: how it last ran, which files it was applied from, what was decided about it.

use super::Direction;
use super::ScriptRole;
use super::Version;
use super::log::{LogEntry, LogOutcome, LoggedScript};
use super::state::PartialRun;

/// The log of one version, read.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    /// The newest run that left something: it is done, under way, or broke off half-way.
    run: Option<LogEntry>,
    /// It goes the other way than the run that it goes on with: it takes back what was left.
    reverses: bool,
    /// What the version was last recorded by.
    bound: Option<LogEntry>,
    /// The newest try, where it came to nothing.
    failed: Option<LogEntry>,
    pub(super) order_accepted: bool,
}

impl History {
    /// From the log, newest first.
    pub(super) fn of(log: &[LogEntry], version: &Version) -> Self {
        let entries: Vec<_> = log.iter().filter(|entry| entry.version == *version).collect();
        let run = newest_run(&entries);
        let continued = run.and_then(|run| entries.iter().find(|entry| Some(entry.id) == run.continues));
        Self {
            reverses: run.zip(continued).is_some_and(|(run, before)| run.direction != before.direction),
            run: run.cloned(),
            bound: newest_binding(&entries).cloned(),
            failed: entries.first().filter(|entry| ended_badly(entry)).copied().cloned(),
            order_accepted: order_accepted(&entries),
        }
    }

    /// How far it came, where it broke off and nobody has dealt with that since.
    pub(super) fn partial(&self, recorded: bool) -> Option<PartialRun> {
        let run = self.run.as_ref().filter(|run| run.is_partial())?;
        // Where the ledger says that it came to its end, somebody else has finished it.
        let pending = match run.direction {
            Direction::Up => !recorded,
            Direction::Down => recorded,
        };
        (pending || self.reverses).then_some(PartialRun {
            direction: run.direction,
            done: run.statements_done,
            total: run.statements_total,
            open: run.statement_open,
            entry: run.id,
        })
    }

    /// Whether the run that broke off was taking back what another had left.
    pub(super) fn takes_back(&self) -> bool {
        self.reverses
    }

    /// The run that broke off.
    pub(super) fn broken(&self) -> Option<&LogEntry> {
        self.run.as_ref().filter(|run| run.is_partial())
    }

    /// The run that is under way right now.
    pub(super) fn running(&self) -> Option<&LogEntry> {
        self.run.as_ref().filter(|run| run.is_running())
    }

    /// The newest try, where nothing of it stayed and the ledger does not say otherwise.
    pub(super) fn failed(&self, recorded: bool) -> Option<&LogEntry> {
        let came_to_nothing = |failed: &&LogEntry| match failed.direction {
            Direction::Up => !recorded,
            Direction::Down => recorded,
        };
        self.failed.as_ref().filter(|failed| !failed.is_partial()).filter(came_to_nothing)
    }

    /// What the version was last recorded by.
    pub(super) fn bound(&self) -> Option<&LogEntry> {
        self.bound.as_ref()
    }

    /// The up file as it was when the version was recorded, or its change accepted.
    pub(super) fn file(&self) -> Option<&LoggedScript> {
        self.bound.as_ref()?.script(ScriptRole::Up)
    }

    /// Whether it was recorded without having been run.
    pub(super) fn is_baseline(&self) -> bool {
        let outcome = self.bound.as_ref().map(|entry| entry.outcome);
        matches!(outcome, Some(LogOutcome::Baselined | LogOutcome::Recorded | LogOutcome::Released))
    }
}

/// It failed, or whoever ran it was gone before it could say how it ended.
fn ended_badly(entry: &LogEntry) -> bool {
    entry.outcome == LogOutcome::Failed || (entry.outcome == LogOutcome::Running && entry.interrupted)
}

fn newest_run<'a>(entries: &[&'a LogEntry]) -> Option<&'a LogEntry> {
    let settles = |entry: &LogEntry| {
        use LogOutcome::{Baselined, Forgotten, Recorded, Released, Struck};
        matches!(entry.outcome, Baselined | Forgotten | Recorded | Released | Struck)
    };
    let counts = |entry: &LogEntry| {
        entry.outcome == LogOutcome::Done || entry.is_running() || entry.is_partial() || settles(entry)
    };
    entries.iter().copied().find(|entry| counts(entry)).filter(|entry| !settles(entry))
}

/// An accepted change binds to its file, and the entry below it still tells who applied the version.
fn newest_binding<'a>(entries: &[&'a LogEntry]) -> Option<&'a LogEntry> {
    let gone = |entry: &LogEntry| {
        matches!(entry.outcome, LogOutcome::Struck | LogOutcome::Forgotten)
            || (entry.outcome == LogOutcome::Done && entry.direction == Direction::Down)
    };
    let live = entries.iter().copied().take_while(|entry| !gone(entry));
    live.into_iter().find(|entry| entry.outcome.binds_files())
}

/// Somebody said so, or it was up here before: then it is no newcomer.
fn order_accepted(entries: &[&LogEntry]) -> bool {
    entries.iter().any(|entry| match entry.outcome {
        LogOutcome::AcceptedOrder => true,
        LogOutcome::Done => entry.direction == Direction::Up,
        _ => false,
    })
}
