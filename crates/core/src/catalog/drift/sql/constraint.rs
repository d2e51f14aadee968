//! Constraints: added without a scan under a lock that stops others, dropped, exchanged.

use super::super::pair::Pair;
use super::quoted;
use crate::catalog::fingerprint::Constraint;

/// A foreign key or a check is added unchecked, which takes a moment, and checked while others read and write.
pub(in super::super) fn add_constraint(pair: &Pair<'_>, constraint: &Constraint) -> Vec<String> {
    let add = format!(
        "alter table {} add constraint {} {}",
        pair.quoted(),
        quoted(&constraint.name),
        constraint.definition
    );
    match constraint.kind.as_str() {
        // A partitioned table takes no foreign key unchecked before 18.
        "f" if pair.actual.partition_key.is_some() && pair.database.major < 18 => {
            vec![format!("-- reads both tables, and stops writers on them meanwhile\n{add}")]
        }
        "f" | "c" => vec![format!("{add} not valid"), validate(pair, constraint)],
        "p" | "u" if pair.actual.partition_key.is_none() => by_index(pair, constraint),
        _ => vec![format!("-- reads the table, and lets nobody in meanwhile\n{add}")],
    }
}

/// A key by way of an index that is built while others write.
fn by_index(pair: &Pair<'_>, constraint: &Constraint) -> Vec<String> {
    let (table, name) = (pair.quoted(), quoted(&constraint.name));
    let kind = if constraint.kind == "p" { "primary key" } else { "unique" };
    let columns = super::quoted_list(&constraint.columns);
    vec![
        format!("create unique index concurrently {name} on {table} ({columns})"),
        format!("alter table {table} add constraint {name} {kind} using index {name}"),
    ]
}

pub(in super::super) fn drop_constraint(pair: &Pair<'_>, constraint: &Constraint) -> Vec<String> {
    let (table, name) = (pair.quoted(), quoted(&constraint.name));
    let dies = match constraint.kind.as_str() {
        "p" | "u" | "x" => {
            format!("-- dies: the index behind {}, and with it its uniqueness\n", constraint.name)
        }
        _ => String::new(),
    };
    vec![format!("{dies}alter table {table} drop constraint {name}")]
}

/// The new one stands before the old one goes, except for a key, of which there is one.
pub(in super::super) fn exchange_constraint(
    pair: &Pair<'_>,
    from: &Constraint,
    to: &Constraint,
) -> Vec<String> {
    let (drop, add) = (drop_constraint(pair, from), add_constraint(pair, to));
    let first = if to.kind == "p" || from.name == to.name { [drop, add] } else { [add, drop] };
    first.concat()
}

pub(in super::super) fn validate(pair: &Pair<'_>, constraint: &Constraint) -> String {
    format!("alter table {} validate constraint {}", pair.quoted(), quoted(&constraint.name))
}
