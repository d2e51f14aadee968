//! What is said of a version that broke off: where, what of it stayed, and what to do.

use super::in_the_way::InTheWay;
use super::outcome::AppliedMigration;
use super::retry;
use crate::migrate::verify::Problem;
use crate::migrate::{PlannedMigration, StatementPurpose};
use crate::{Error, ErrorKind};

/// What of a version stays when it breaks off.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stays {
    /// Its transaction takes all of it back.
    Nothing,
    /// So many statements.
    Statements(usize),
    /// Parts of a statement, by its number, that is carried out in several; and all before it.
    Parts(u32),
    /// The connection was lost while it was being committed: only the database knows.
    Unknown,
}

/// The number of a statement in its file, from 1; what stands in none has that of the next that does.
pub(super) fn number(step: &PlannedMigration, at: usize) -> u32 {
    let mut rest = step.statements.iter().skip(at);
    rest.find_map(|statement| statement.index).map_or(step.done_before, |index| index + 1)
}

/// How many statements its file has, as far as the plan goes.
pub(super) fn total(step: &PlannedMigration) -> u32 {
    let last = step.statements.iter().filter_map(|statement| statement.index).max();
    last.map_or(step.done_before, |index| (index + 1).max(step.done_before))
}

/// What of a file without a transaction stays when its statement `at` breaks off.
pub(super) fn before(step: &PlannedMigration, at: usize) -> Stays {
    let mut before = step.statements.iter().take(at).rev().take_while(|statement| statement.index.is_none());
    if before.any(|statement| statement.purpose == StatementPurpose::Part) {
        return Stays::Parts(number(step, at));
    }
    let ran = step.statements.iter().take(at).filter_map(|statement| statement.index).max();
    let done = ran.map_or(step.done_before, |index| (index + 1).max(step.done_before));
    Stays::Statements(done as usize)
}

/// A statement broke off; `at` counts from 0.
pub(super) fn broke(
    error: Error,
    step: &PlannedMigration,
    at: usize,
    stays: Stays,
    waited: Option<(u32, &[InTheWay])>,
) -> Error {
    let (number, total) = (number(step, at), total(step));
    let place = format!("{} {}: statement {number} of {total}", step.version, step.name);
    let hint = hint(&error, step, stays, waited);
    error.while_doing(&place).hint(hint)
}

/// What is not about one statement: the ledger's row, the commit.
pub(super) fn broke_at_the_end(error: Error, step: &PlannedMigration, doing: &str, stays: Stays) -> Error {
    let hint = hint(&error, step, stays, None);
    error.while_doing(&format!("{} {}: {doing}", step.version, step.name)).hint(hint)
}

fn hint(error: &Error, step: &PlannedMigration, stays: Stays, waited: Option<(u32, &[InTheWay])>) -> String {
    let kept = kept(step, stays);
    let own = error.server().and_then(|server| server.hint.as_deref());
    match (error.kind(), waited) {
        (ErrorKind::LockTimeout, Some((tries, blockers))) if retry::is_passing(error) => {
            let who = InTheWay::first(blockers);
            let who = who.map_or("Another session".to_owned(), |one| format!("Session {one}"));
            let tries = if tries == 1 { "once".to_owned() } else { format!("{tries} times") };
            format!(
                "{who} was in the way; it was tried {tries}. {kept} Try again, wait longer for each lock with --lock-timeout MS, or end that session."
            )
        }
        (ErrorKind::ConnectionRefused | ErrorKind::Timeout, _) => {
            format!(
                "The connection to the server was lost. {kept} Look with evaldesk migrate status once it answers again."
            )
        }
        _ => own.map_or(kept.clone(), |own| format!("{own} {kept}")),
    }
}

fn kept(step: &PlannedMigration, stays: Stays) -> String {
    let version = &step.version;
    match stays {
        Stays::Nothing | Stays::Statements(0) => "Nothing of it was kept.".to_owned(),
        Stays::Unknown => "Whether it was kept, only the database knows.".to_owned(),
        Stays::Parts(number) => format!(
            "What ran of statement {number} stays, and so does all before it: resume or undo it with evaldesk migrate repair {version}."
        ),
        Stays::Statements(1) => {
            format!("Its first statement stays: resume or undo it with evaldesk migrate repair {version}.")
        }
        Stays::Statements(done) => {
            format!(
                "Its first {done} statements stay: resume or undo it with evaldesk migrate repair {version}."
            )
        }
    }
}

/// It ran, and its verify file says that it is not there.
pub(super) fn not_verified(step: &PlannedMigration, problems: &[Problem], stays: Stays) -> Error {
    let first = problems.first().map_or("", |problem| problem.problem.as_str());
    let more = problems.len().saturating_sub(1);
    let rest = if more > 0 { format!(" (and {more} more)") } else { String::new() };
    let what = format!("{} {} ran, but is not there: {first}{rest}", step.version, step.name);
    Error::new(ErrorKind::Precondition, what).hint(kept(step, stays))
}

/// Names the versions that were finished before the one that broke off.
pub(super) fn after(error: Error, applied: &[AppliedMigration]) -> Error {
    if applied.is_empty() {
        return error;
    }
    let done: Vec<_> = applied.iter().map(|one| format!("{} {}", one.version, one.name)).collect();
    let detail = format!("These versions were finished before it and stay: {}.", done.join(", "));
    let detail = error.detail_text().map_or(detail.clone(), |server| format!("{server} {detail}"));
    error.detail(detail)
}
