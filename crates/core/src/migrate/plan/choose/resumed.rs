//! Where a run that broke off goes on: at the first statement that is not done, by the catalog where the log does not know.
//!
//! Settings that the file made before that are made again: they went with the session that broke off.

use sqlx::PgConnection;

use super::super::Step;
use super::Chosen;
use super::left;
use super::undo::has_nothing_to_do;
use crate::sql::statement::{Effects, InTransaction, StatementKind, describe};
use crate::{Error, ErrorKind, Result};

/// Finds what became of the statement that was under way, for every step that resumes.
pub(in super::super) async fn find_place(session: &mut PgConnection, chosen: &mut Chosen<'_>) -> Result<()> {
    let mut notices = Vec::new();
    for step in chosen.steps.iter_mut().filter(|step| step.resumes) {
        notices.extend(settle_open(session, step).await?);
        let total = step.script()?.statements.len();
        notices.push(match step.from as usize {
            from if from < total => format!("It goes on at statement {} of {total}.", from + 1),
            _ => format!("All {total} statements are done: only its row in the ledger is missing."),
        });
    }
    chosen.notices.splice(0..0, notices);
    Ok(())
}

async fn settle_open(session: &mut PgConnection, step: &mut Step<'_>) -> Result<Option<String>> {
    let Some(open) = step.open.filter(|open| *open == step.from) else { return Ok(None) };
    let Some(statement) = step.script()?.statements.get(open as usize) else { return Ok(None) };
    let (effects, number) = (describe(&statement.text), open + 1);
    let sent = format!("Statement {number} was sent when it broke off");
    if let Some(left) = left::look(session, &statement.text).await? {
        return Ok(Some(found(step, left, open, &sent)));
    }
    if has_nothing_to_do(session, &effects).await? {
        step.from += 1;
        return Ok(Some(format!("{sent}, and came to its end: it is done.")));
    }
    if only_rows_can_tell(&effects) {
        return Err(not_known(step, number));
    }
    Ok(Some(match effects.concurrently_builds {
        Some(_) => format!("{sent}: what it left half-built is cleared away first, and it runs again."),
        None => format!("{sent}, and did not come to its end: it runs again."),
    }))
}

/// Takes in what the catalog says of it.
fn found(step: &mut Step<'_>, left: left::Left, open: u32, sent: &str) -> String {
    step.from += u32::from(left.done);
    step.instead = left.instead.map(|sql| (open as usize, sql));
    // What is sent in its place clears away already.
    step.clears = if step.instead.is_some() { Vec::new() } else { left.clears };
    match (left.done, left.words) {
        (false, None) => format!("{sent}: it runs again."),
        (false, Some(words)) => format!("{sent}: {words}."),
        (true, None) => format!("{sent}, and came to its end: it is done."),
        (true, Some(words)) => format!("{sent}, and is done: {words}."),
    }
}

/// It was committed or it was not, the server has forgotten which, and it makes nothing that could be looked for.
fn only_rows_can_tell(effects: &Effects) -> bool {
    let silent = effects.creates.is_empty() && effects.drops.is_empty();
    let writes = matches!(effects.kind, StatementKind::Write | StatementKind::Run | StatementKind::Unknown);
    silent && writes && effects.transaction == InTransaction::Allowed
}

fn not_known(step: &Step<'_>, number: u32) -> Error {
    let migration = step.migration;
    let what = format!(
        "{} {}: nobody knows whether statement {number} was committed",
        migration.version, migration.name
    );
    Error::new(ErrorKind::Precondition, what)
        .hint("The server has forgotten its transaction, and running it again could write rows twice. Look at the rows; then undo the version, or take the statement out of the file.")
}

/// Whether a statement sets something for the statements after it.
pub(in super::super) fn sets_for_others(sql: &str) -> bool {
    let text = sql.to_ascii_lowercase();
    let passing =
        ["set local", "set constraints", "set transaction"].iter().any(|head| text.starts_with(head));
    text.contains("set_config(") || (describe(sql).kind == StatementKind::Set && !passing)
}
