//! Status, in Rails' columns; what a person should know stands under its row.

use evaldesk_api::core::migrate::{MigrationStatus, MigrationStatusRow};

use super::word;
use crate::print::{Align, Table, note};

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
    note(&format!("{} pending", status.pending));
}

/// The verbs, for what needs one.
fn mending(row: &MigrationStatusRow) -> Option<String> {
    let verbs: Vec<_> = row.repairs.iter().map(ToString::to_string).collect();
    (!verbs.is_empty()).then(|| format!("evaldesk migrate repair {} {}", row.version, verbs.join("|")))
}

/// As Rails marks a version that has no file.
pub(super) fn name(row: &MigrationStatusRow) -> String {
    row.name.clone().unwrap_or_else(|| "********** NO FILE **********".to_owned())
}
