//! What a rehearsal came to, in one line and in notes.

use super::super::plan::duration;
use super::super::{MigrationPlan, Rehearsable};
use super::report::{
    Agreement, LongestStatement, RehearsalPlace, RehearsalSummary, RehearsedOutcome, RehearsedStatement,
};
use super::run::Run;

/// The summary of a run.
pub(super) fn summary(
    plan: &MigrationPlan,
    run: &Run,
    place: RehearsalPlace,
    at: String,
    elapsed_ms: u64,
) -> RehearsalSummary {
    let count = |outcomes: &[RehearsedOutcome]| {
        number(run.statements.iter().filter(|one| outcomes.contains(&one.outcome)).count())
    };
    let longest = run.statements.iter().max_by_key(|one| one.elapsed_ms).filter(|one| one.elapsed_ms > 0);
    let differing = run.statements.iter().filter(|one| one.agreement == Agreement::Differs).count();
    RehearsalSummary {
        plan_hash: plan.hash.clone(),
        database: plan.database.clone(),
        place,
        at,
        versions: plan.steps.iter().map(|step| step.version.clone()).collect(),
        total: number(run.statements.len()),
        ran: count(&[RehearsedOutcome::Ran]),
        skipped: count(&[RehearsedOutcome::Skipped, RehearsedOutcome::Depends]),
        passed: failed(run).is_none() && run.problems.is_empty(),
        differing: number(differing),
        elapsed_ms,
        locks_held_ms: run.locks_held_ms,
        longest: longest.map(|one| LongestStatement {
            version: one.version.clone(),
            statement: one.statement,
            elapsed_ms: one.elapsed_ms,
        }),
        words: words(run, differing),
    }
}

fn failed(run: &Run) -> Option<&RehearsedStatement> {
    run.statements.iter().find(|one| one.outcome == RehearsedOutcome::Failed)
}

/// "all 7 ran, locks as planned"
fn words(run: &Run, differing: usize) -> String {
    let total = run.statements.len();
    let ran = run.statements.iter().filter(|one| one.outcome == RehearsedOutcome::Ran).count();
    if let Some(failed) = failed(run) {
        let why = failed.note.as_deref().unwrap_or("it failed");
        return format!("stopped at statement {} of {}: {why}", failed.statement, failed.version);
    }
    if let Some(problem) = run.problems.first() {
        return format!("{} ran, and then: {problem}", all(ran, total));
    }
    let locks = match differing {
        _ if ran == 0 => String::new(),
        0 => ", locks as planned".to_owned(),
        1 => ", 1 otherwise than planned".to_owned(),
        several => format!(", {several} otherwise than planned"),
    };
    let left = match total - ran {
        0 => String::new(),
        1 => "; 1 was left out".to_owned(),
        several => format!("; {several} were left out"),
    };
    format!("{} ran{locks}{left}", all(ran, total))
}

fn all(ran: usize, total: usize) -> String {
    match (ran, total) {
        (1, 1) => "the one statement".to_owned(),
        (ran, total) if ran == total => format!("all {total}"),
        (ran, total) => format!("{ran} of {total}"),
    }
}

/// What a person should know about how it was measured.
pub(super) fn notes(plan: &MigrationPlan, run: &Run, place: RehearsalPlace) -> Vec<String> {
    let mut notes = Vec::new();
    if place == RehearsalPlace::Here {
        notes.push(format!(
            "The locks were really taken, for {}: whoever needed the same tables waited. What sequences gave out stays given out.",
            duration(i64::try_from(run.locks_held_ms).unwrap_or(i64::MAX))
        ));
    } else {
        notes.push(format!("It ran on a {}; the database itself was not touched.", copy(place)));
    }
    if place == RehearsalPlace::Schema {
        notes.push(
            "Without rows it says nothing about how long statements take, nor whether rows fit a constraint."
                .to_owned(),
        );
    }
    let alone = plan.statements().filter(|(_, _, one)| one.rehearsable == Rehearsable::OnCopy).count();
    if place == RehearsalPlace::Here && alone > 0 {
        let (these, run) =
            if alone == 1 { ("1 statement", "it runs") } else { ("Some statements", "they run") };
        notes.push(format!(
            "{these} cannot be rehearsed in a transaction: on a copy of the database {run} for real."
        ));
    }
    notes
}

fn copy(place: RehearsalPlace) -> &'static str {
    if place == RehearsalPlace::Schema { "copy of the schema" } else { "copy of the database" }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
