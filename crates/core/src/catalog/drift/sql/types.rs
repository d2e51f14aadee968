//! Types of the user's own.

use crate::catalog::fingerprint::UserType;

/// The statement that makes it.
pub(in super::super) fn as_type(it: &UserType) -> String {
    let name = it.name.quoted();
    match it.kind.as_str() {
        "e" => {
            let labels: Vec<_> = it.labels.iter().map(|label| literal(label)).collect();
            format!("create type {name} as enum ({})", labels.join(", "))
        }
        "d" => format!("create domain {name} as {}", it.definition),
        "r" => format!("create type {name} as range (subtype = {})", it.definition),
        _ => format!("create type {name} as {}", it.definition),
    }
}

/// The labels that an enum lacks, each put after the one that it follows.
pub(in super::super) fn enum_labels(from: &UserType, to: &UserType) -> Vec<String> {
    if to.kind != "e" {
        return Vec::new();
    }
    let missing = to.labels.iter().enumerate().filter(|(_, label)| !from.labels.contains(label));
    missing
        .map(|(at, label)| {
            let place = match at.checked_sub(1).and_then(|before| to.labels.get(before)) {
                Some(before) => format!(" after {}", literal(before)),
                None => {
                    from.labels.first().map_or(String::new(), |first| format!(" before {}", literal(first)))
                }
            };
            format!("alter type {} add value {}{place}", to.name.quoted(), literal(label))
        })
        .collect()
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
