//! Every connection of the same files: a row a version, a column a connection.

use evaldesk_api::commands::{MatrixCell, MatrixColumn, MatrixRow, MigrationMatrix};

use super::word;
use crate::print::{Align, Table, line, note};

/// The matrix, then what is known of each column.
pub(crate) fn matrix(matrix: &MigrationMatrix) {
    let columns = matrix.columns.iter().map(|column| (column.name.clone(), Align::Left));
    let heads = [(String::new(), Align::Left), ("Migration ID".to_owned(), Align::Left)];
    let last = ("Migration name".to_owned(), Align::Left);
    let mut table = Table::of(heads.into_iter().chain(columns).chain([last]));
    matrix.rows.iter().for_each(|row| table.row(cells(row)));
    table.print();
    line("");
    matrix.columns.iter().for_each(|column| line(&described(column)));
    if matrix.rows.iter().any(|row| row.differs) {
        note("* differs between connections");
    }
}

fn cells(row: &MatrixRow) -> Vec<String> {
    let differs = if row.differs { "*" } else { "" };
    let mut cells = vec![differs.to_owned(), row.version.to_string()];
    cells.extend(row.cells.iter().map(|cell| cell.as_ref().map_or_else(unknown, state)));
    cells.push(row.name.clone().unwrap_or_default());
    cells
}

fn unknown() -> String {
    "?".to_owned()
}

fn state(cell: &MatrixCell) -> String {
    let state = word::state(&cell.state);
    match &cell.waits_for {
        Some(first) => format!("{state}, waits for {first}"),
        None => state,
    }
}

fn described(column: &MatrixColumn) -> String {
    let environment = format!("{:?}", column.environment).to_lowercase();
    let seen = match (&column.why, &column.seen_at) {
        (None, _) => format!("{} pending", column.pending),
        (Some(why), Some(at)) => format!("as last seen at {at}: {why}"),
        (Some(why), None) => format!("never looked at: {why}"),
    };
    let after = column.after.as_deref().map(|after| format!(", after {after}")).unwrap_or_default();
    format!("{} ({environment}, {}{after}): {seen}", column.name, column.database)
}
