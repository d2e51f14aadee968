//! Every connection of the same files: a row a version, a column a connection.

use evaldesk_api::commands::{MatrixCell, MatrixColumn, MatrixRow, MigrationMatrix};

use super::word;
use crate::print::{Align, Table, dash, line, note, tame};

/// The matrix, then a row for each of its columns.
pub(crate) fn matrix(matrix: &MigrationMatrix) {
    if matrix.columns.is_empty() {
        note(&format!("No saved connection is migrated with {}.", files(matrix)));
        return note("--connection NAME shows those that share the files of that one.");
    }
    let columns = matrix.columns.iter().map(|column| (column.name.clone(), Align::Left));
    let heads = [(String::new(), Align::Left), ("Migration ID".to_owned(), Align::Left)];
    let last = ("Migration name".to_owned(), Align::Left);
    let mut table = Table::of(heads.into_iter().chain(columns).chain([last]));
    matrix.rows.iter().for_each(|row| table.row(cells(row, &matrix.columns)));
    table.print();
    line("");
    connections(&matrix.columns).print();
    note(&format!("Each of them is migrated with {}.", files(matrix)));
    if matrix.rows.iter().any(|row| row.differs) {
        note("* differs between connections");
    }
    if matrix.columns.iter().any(|column| column.drift_at.is_none() && column.seen_at.is_some()) {
        note("evaldesk migrate verify --drift compares a schema with what its migrations make");
    }
}

fn files(matrix: &MigrationMatrix) -> String {
    if matrix.origin == "embedded" {
        "the schema that is compiled in".to_owned()
    } else {
        tame(&matrix.origin)
    }
}

fn cells(row: &MatrixRow, columns: &[MatrixColumn]) -> Vec<String> {
    let differs = if row.differs { "*" } else { "" };
    let mut cells = vec![differs.to_owned(), row.version.to_string()];
    cells.extend(row.cells.iter().zip(columns).map(|(cell, column)| match cell {
        Some(cell) => state(cell),
        None if column.seen_at.is_some() => dash(),
        None => unknown(),
    }));
    cells.push(row.name.clone().unwrap_or_default());
    cells
}

/// Nobody has looked; a dash is a connection without such a version.
fn unknown() -> String {
    "?".to_owned()
}

fn state(cell: &MatrixCell) -> String {
    let state = word::state(cell.state, cell.partial.as_ref());
    let drift = cell.drift.filter(|drift| *drift > 0).map(|drift| format!(", drift {drift}"));
    let waits = cell.waits_for.as_ref().map(|first| format!(", waits for {first}"));
    format!("{state}{}{}", drift.unwrap_or_default(), waits.unwrap_or_default())
}

/// What is known of each connection, and of when.
fn connections(columns: &[MatrixColumn]) -> Table {
    let mut table = Table::new(&[
        ("Connection", Align::Left),
        ("Environment", Align::Left),
        ("Database", Align::Left),
        ("After", Align::Left),
        ("Pending", Align::Right),
        ("Drift", Align::Left),
        ("Seen", Align::Left),
    ]);
    for column in columns {
        table.row([
            column.name.clone(),
            format!("{:?}", column.environment).to_lowercase(),
            column.database.clone(),
            column.after.clone().unwrap_or_else(dash),
            column.seen_at.as_ref().map_or_else(unknown, |_| column.pending.to_string()),
            drift(column),
            seen(column),
        ]);
        column.why.iter().for_each(|why| table.under(why));
    }
    table
}

fn seen(column: &MatrixColumn) -> String {
    match &column.seen_at {
        Some(_) if column.live => "now".to_owned(),
        Some(at) => word::moment(at),
        None => "never".to_owned(),
    }
}

fn drift(column: &MatrixColumn) -> String {
    match (column.drift, &column.drift_at) {
        (Some(0), Some(at)) => format!("none, {}", word::moment(at)),
        (Some(drift), Some(at)) => {
            format!("{}, {}", word::many(drift.into(), "difference", "differences"), word::moment(at))
        }
        (_, Some(at)) => format!("not known, {}", word::moment(at)),
        (_, None) => "never compared".to_owned(),
    }
}
