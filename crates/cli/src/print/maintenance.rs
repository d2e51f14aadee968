//! Vacuum, planned and done.

use evaldesk_api::core::maintenance::{VacuumOutcome, VacuumPlan};

use super::{Align, Table, bytes, count, duration};

/// What would run, table by table.
pub(crate) fn vacuum_plan(plan: &VacuumPlan) {
    let mut table = Table::new(&[
        ("Table", Align::Left),
        ("Dead rows", Align::Right),
        ("Size", Align::Right),
        ("Statement, or why not", Align::Left),
        ("Meanwhile", Align::Left),
    ]);
    for step in &plan.steps {
        let what = step.sql.clone().or_else(|| step.skip_text.clone()).unwrap_or_default();
        let meanwhile = if step.sql.is_some() { step.consequence.clone() } else { String::new() };
        table.row([step.table.to_string(), number(step.dead_rows), size(step.bytes), what, meanwhile]);
    }
    table.print();
}

/// What came of it.
pub(crate) fn vacuum_outcome(outcome: &VacuumOutcome) {
    let mut table = Table::new(&[
        ("Table", Align::Left),
        ("Dead rows", Align::Right),
        ("now", Align::Right),
        ("Size", Align::Right),
        ("now", Align::Right),
        ("Took", Align::Right),
        ("Note", Align::Left),
    ]);
    for done in &outcome.tables {
        table.row([
            done.table.to_string(),
            number(done.dead_before),
            number(done.dead_after),
            size(done.bytes_before),
            size(done.bytes_after),
            duration(done.elapsed_ms as f64),
            done.skipped.clone().unwrap_or_default(),
        ]);
    }
    table.print();
}

fn number(rows: Option<i64>) -> String {
    rows.map_or_else(|| "-".to_owned(), |rows| count(rows.unsigned_abs()))
}

fn size(size: Option<i64>) -> String {
    size.map_or_else(|| "-".to_owned(), bytes)
}
