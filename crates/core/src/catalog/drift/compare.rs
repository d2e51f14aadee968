//! The whole comparison: kind by kind, in the order in which mending has to go.

use super::difference::{Difference, DriftObject, DriftObjectKind, DriftSeverity};
use super::pair::Pair;
use super::{objects, partition, rails, sequence, sql, table};
use crate::catalog::fingerprint::{SchemaSnapshot, Table};

/// Why what stands beside the schema of the files is no drift, where the database is shared with an application.
const NEIGHBOUR: &str = "it belongs to another application of this database";

/// Compares what the files make with what the database has.
///
/// With `shared`, whole tables, views and the like that the files do not know are another application's and told as
/// such: RAAF's tables live in the application's own database. What hangs on a table of the files never is.
pub fn compare(expected: &SchemaSnapshot, actual: &SchemaSnapshot, shared: bool) -> Vec<Difference> {
    let (expected, mut found) = rails::renamed(expected, actual);
    found.extend(objects::extensions(&expected, actual));
    found.extend(objects::types(&expected, actual));
    found.extend(sequence::compare(&expected, actual));
    found.extend(tables(&expected, actual));
    found.extend(objects::views(&expected, actual));
    found.extend(objects::routines(&expected, actual));
    if shared {
        found = found.into_iter().map(|one| as_neighbour(one, &expected)).collect();
    }
    found
}

fn tables(expected: &SchemaSnapshot, actual: &SchemaSnapshot) -> Vec<Difference> {
    let mut found = Vec::new();
    for table in &expected.tables {
        match actual.table(&table.name) {
            Some(there) => {
                found.extend(table::compare(&Pair { expected: table, actual: there, database: actual }));
            }
            // The view itself is compared as a view.
            None if table.kind == "m" => {}
            None if table.is_partition() => found.push(partition::missing(table)),
            None => found.push(missing(table)),
        }
    }
    let extra =
        actual.tables.iter().filter(|table| !table.is_partition() && expected.table(&table.name).is_none());
    found.extend(extra.filter(|table| table.kind != "m").map(self::extra));
    found
}

fn missing(table: &Table) -> Difference {
    let object = DriftObject::new(DriftObjectKind::Table, &table.name);
    Difference::missing(object, format!("a table of {} columns", table.columns.len()))
        .weighing(DriftSeverity::Broken)
        .mend_database(sql::create_table(table))
        .mend_files(sql::drop_table(table))
}

fn extra(table: &Table) -> Difference {
    let object = DriftObject::new(DriftObjectKind::Table, &table.name);
    Difference::extra(object, format!("a table of {} columns", table.columns.len()))
        .mend_database(sql::drop_table(table))
        .mend_files(sql::create_table(table))
}

fn as_neighbour(difference: Difference, expected: &SchemaSnapshot) -> Difference {
    let alone = difference.object.table.as_ref().is_none_or(|of| {
        // A neighbour's serial counts with its table.
        !expected.tables.iter().any(|table| table.name.to_string() == *of)
    });
    if alone && difference.actual.is_some() && difference.expected.is_none() {
        return difference.equivalent(NEIGHBOUR);
    }
    difference
}
