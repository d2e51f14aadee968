//! What a migration came to.

use evaldesk_api::core::migrate::{AppliedMigration, Direction, MigrationOutcome};

use crate::print::{Align, Table, count, duration, note};

/// The versions that went up or down.
pub(crate) fn outcome(outcome: &MigrationOutcome) {
    let mut table = Table::new(&[
        ("Status", Align::Left),
        ("Migration ID", Align::Left),
        ("Migration name", Align::Left),
        ("Statements", Align::Right),
        ("Took", Align::Right),
    ]);
    for done in &outcome.applied {
        table.row([
            direction(done),
            done.version.to_string(),
            done.name.clone(),
            count(done.statements.into()),
            duration(done.elapsed_ms as f64),
        ]);
    }
    table.print();
    note(&format!("Done in {}.", duration(outcome.elapsed_ms as f64)));
}

fn direction(done: &AppliedMigration) -> String {
    if done.direction == Direction::Up { "up".to_owned() } else { "down".to_owned() }
}
