//! Status, in Rails' columns; what a person should know stands under its row.

use evaldesk_api::core::migrate::{MigrationStatus, MigrationStatusRow};

use super::word;
use crate::print::{Align, Table, note};

/// Every version of one database.
pub(crate) fn status(status: &MigrationStatus) {
    let heads = ["Status", "Migration ID", "Migration name"].map(|head| (head, Align::Left));
    let mut table = Table::new(&heads);
    for row in &status.migrations {
        table.row([word::state(&row.state), row.version.to_string(), name(row)]);
        row.notes.iter().for_each(|text| table.under(text));
    }
    table.print();
    note(&format!("{} pending", status.pending));
}

/// As Rails marks a version that has no file.
pub(super) fn name(row: &MigrationStatusRow) -> String {
    row.name.clone().unwrap_or_else(|| "********** NO FILE **********".to_owned())
}
