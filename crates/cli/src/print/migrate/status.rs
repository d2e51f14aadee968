//! Status, in Rails' columns; what a person should know stands under its row.

use evaldesk_api::core::migrate::{MigrationLockHolder, MigrationStatus, MigrationStatusRow};

use super::word;
use crate::print::{Align, Table, note, tame};

/// Every version of one database.
pub(crate) fn status(status: &MigrationStatus) {
    let heads = ["Status", "Migration ID", "Migration name"].map(|head| (head, Align::Left));
    let mut table = Table::new(&heads);
    for row in &status.migrations {
        table.row([word::of(row), row.version.to_string(), name(row)]);
        row.notes.iter().for_each(|text| table.under(text));
        mending(row).iter().for_each(|text| table.under(text));
    }
    table.print();
    status.lock_holder.iter().for_each(|who| note(&tame(&holder(who))));
    left_out(&status.left_out).iter().for_each(|text| note(&tame(text)));
    note(&summary(status));
}

/// A file that was meant to be a migration and is named like none must not go missing unnoticed.
fn left_out(files: &[String]) -> Option<String> {
    let more = files.len().saturating_sub(5);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let named = files.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
    (!files.is_empty()).then(|| format!("Not migrations by their names, left out: {named}{rest}"))
}

/// What is shown may change while it is read.
fn holder(who: &MigrationLockHolder) -> String {
    let since = who.connected_since.as_deref().map(|at| format!("since {}", word::moment(at)));
    let more = [who.user_name.clone(), who.application.clone(), since, who.doing.clone()];
    let more: Vec<_> = more.into_iter().flatten().collect();
    format!("Being migrated right now by pid {} ({})", who.pid, more.join(", "))
}

fn summary(status: &MigrationStatus) -> String {
    let pending = format!("{} pending", status.pending);
    match status.migrations.iter().filter(|row| word::needs_a_decision(row)).count() {
        0 => pending,
        1 => format!("{pending}, 1 needs a decision: evaldesk migrate repair"),
        some => format!("{pending}, {some} need a decision: evaldesk migrate repair"),
    }
}

/// The verbs, for what needs one.
fn mending(row: &MigrationStatusRow) -> Option<String> {
    let verbs: Vec<_> = row.repairs.iter().map(ToString::to_string).collect();
    word::needs_a_decision(row)
        .then(|| format!("evaldesk migrate repair {} {}", row.version, verbs.join("|")))
}

/// As Rails marks a version that has no file.
pub(super) fn name(row: &MigrationStatusRow) -> String {
    row.name.clone().unwrap_or_else(|| "********** NO FILE **********".to_owned())
}
