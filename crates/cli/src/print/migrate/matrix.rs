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
    let state = word::state(cell.state, cell.partial.as_ref());
    let drift = cell.drift.filter(|drift| *drift > 0).map(|drift| format!(", drift {drift}"));
    let waits = cell.waits_for.as_ref().map(|first| format!(", waits for {first}"));
    format!("{state}{}{}", drift.unwrap_or_default(), waits.unwrap_or_default())
}

fn described(column: &MatrixColumn) -> String {
    let environment = format!("{:?}", column.environment).to_lowercase();
    let seen = match (&column.why, &column.seen_at) {
        (None, _) => format!("{} pending", column.pending),
        (Some(why), Some(at)) => format!("as last seen at {at}: {why}"),
        (Some(why), None) => format!("never looked at: {why}"),
    };
    let after = column.after.as_deref().map(|after| format!(", after {after}")).unwrap_or_default();
    let drift = match (column.drift, &column.drift_at) {
        (Some(0), Some(at)) => format!("; no drift at {at}"),
        (Some(drift), Some(at)) => format!("; {drift} differences at {at}"),
        (_, Some(at)) => format!("; the schema could not be compared at {at}"),
        (_, None) => "; never compared (verify --drift)".to_owned(),
    };
    format!("{} ({environment}, {}{after}): {seen}{drift}", column.name, column.database)
}
