//! Extensions, types, views and routines: by name, each by what the server prints of it.

use super::difference::{Difference, DriftObject, DriftObjectKind, DriftSeverity};
use super::sql::{as_type, enum_labels};
use crate::catalog::fingerprint::{Routine, SchemaSnapshot, UserType, View};
use crate::ident::Ident;

pub(super) fn extensions(expected: &SchemaSnapshot, actual: &SchemaSnapshot) -> Vec<Difference> {
    let has = |snapshot: &SchemaSnapshot, name: &str| snapshot.extensions.iter().any(|it| it.name == name);
    let create = |name: &str| format!("create extension {}", Ident::new(name));
    let drop = |name: &str| format!("-- fails while anything uses it\ndrop extension {}", Ident::new(name));
    let object = |name: &str| DriftObject::new(DriftObjectKind::Extension, name);
    let missing = expected.extensions.iter().filter(|it| !has(actual, &it.name)).map(|it| {
        Difference::missing(object(&it.name), "installed")
            .weighing(DriftSeverity::Broken)
            .mend_database([create(&it.name)])
            .mend_files([drop(&it.name)])
    });
    let extra = actual.extensions.iter().filter(|it| !has(expected, &it.name)).map(|it| {
        Difference::extra(object(&it.name), format!("installed, version {}", it.version))
            .weighing(DriftSeverity::Note)
            .mend_database([drop(&it.name)])
            .mend_files([create(&it.name)])
    });
    missing.chain(extra).collect()
}

/// What two sides have of one kind: only here, only there, in both.
fn matched<'a, T>(
    ours: &'a [T],
    theirs: &'a [T],
    same: impl Fn(&T, &T) -> bool,
) -> impl Iterator<Item = (Option<&'a T>, Option<&'a T>)> {
    let mut pairs: Vec<_> =
        ours.iter().map(|one| (Some(one), theirs.iter().find(|other| same(one, other)))).collect();
    pairs.extend(
        theirs
            .iter()
            .filter(|other| !ours.iter().any(|one| same(one, other)))
            .map(|other| (None, Some(other))),
    );
    pairs.into_iter()
}

/// The difference of one object, by how it reads and how it is made and dropped.
fn one<T>(
    object: DriftObject,
    pair: (Option<&T>, Option<&T>),
    reads: impl Fn(&T) -> String,
    make: impl Fn(&T) -> Vec<String>,
    drop: impl Fn(&T) -> Vec<String>,
) -> Option<Difference> {
    match pair {
        (Some(ours), Some(theirs)) if reads(ours) == reads(theirs) => None,
        (Some(ours), Some(theirs)) => Some(
            Difference::differs(object, reads(ours), reads(theirs))
                .mend_database(make(ours))
                .mend_files(make(theirs)),
        ),
        (Some(ours), None) => Some(
            Difference::missing(object, reads(ours))
                .weighing(DriftSeverity::Broken)
                .mend_database(make(ours))
                .mend_files(drop(ours)),
        ),
        (None, Some(theirs)) => Some(
            Difference::extra(object, reads(theirs))
                .weighing(DriftSeverity::Note)
                .mend_database(drop(theirs))
                .mend_files(make(theirs)),
        ),
        (None, None) => None,
    }
}

pub(super) fn views(expected: &SchemaSnapshot, actual: &SchemaSnapshot) -> Vec<Difference> {
    let pairs = matched(&expected.views, &actual.views, |a: &View, b| a.name == b.name);
    let word = |view: &View| if view.kind == "m" { "materialized view" } else { "view" };
    let make = |view: &View| {
        let head = if view.kind == "m" { "create materialized view" } else { "create or replace view" };
        let with = if view.options.is_empty() {
            String::new()
        } else {
            format!(" with ({})", view.options.join(", "))
        };
        vec![format!("{head} {}{with} as\n{}", view.name.quoted(), view.definition)]
    };
    let drop = |view: &View| vec![format!("drop {} {}", word(view), view.name.quoted())];
    let reads = |view: &View| format!("{} {}", word(view), view.plain);
    pairs
        .filter_map(|pair| {
            let name = pair.0.or(pair.1).map(|view| view.name.to_string())?;
            one(DriftObject::new(DriftObjectKind::View, name), pair, reads, make, drop)
        })
        .collect()
}

pub(super) fn routines(expected: &SchemaSnapshot, actual: &SchemaSnapshot) -> Vec<Difference> {
    let same = |a: &Routine, b: &Routine| a.name == b.name && a.arguments == b.arguments;
    let short = |hash: &str| hash.chars().take(12).collect::<String>();
    let reads =
        |it: &Routine| format!("({}) {}, body {}", it.signature, it.properties, short(&it.source_hash));
    let make = |it: &Routine| it.definition.iter().map(|sql| sql.trim_end().to_owned()).collect();
    let drop = |it: &Routine| {
        let kind = match it.kind.as_str() {
            "p" => "procedure",
            "a" => "aggregate",
            _ => "function",
        };
        vec![format!("drop {kind} {}({})", it.name.quoted(), it.arguments)]
    };
    matched(&expected.routines, &actual.routines, same)
        .filter_map(|pair| {
            let name = pair.0.or(pair.1).map(|it| format!("{}({})", it.name, it.arguments))?;
            one(DriftObject::new(DriftObjectKind::Routine, name), pair, reads, make, drop)
        })
        .collect()
}

pub(super) fn types(expected: &SchemaSnapshot, actual: &SchemaSnapshot) -> Vec<Difference> {
    let drop = |it: &UserType| {
        let kind = if it.kind == "d" { "domain" } else { "type" };
        vec![format!("drop {kind} {}", it.name.quoted())]
    };
    matched(&expected.types, &actual.types, |a: &UserType, b| a.name == b.name)
        .filter_map(|pair| {
            let name = pair.0.or(pair.1).map(|it| it.name.to_string())?;
            let found = one(
                DriftObject::new(DriftObjectKind::Type, name),
                pair,
                as_type,
                |it| vec![as_type(it)],
                drop,
            )?;
            Some(match pair {
                (Some(ours), Some(theirs)) => changed_type(found, ours, theirs),
                _ => found,
            })
        })
        .collect()
}

/// A type that is in use cannot be made anew: labels can be added, the rest needs a plan of its own.
fn changed_type(mut found: Difference, ours: &UserType, theirs: &UserType) -> Difference {
    found.mend_database = enum_labels(theirs, ours);
    found.mend_files = enum_labels(ours, theirs);
    let gone = theirs.labels.iter().any(|label| !ours.labels.contains(label));
    let missing = ours.labels.iter().any(|label| !theirs.labels.contains(label));
    let found = found.weighing(if missing || ours.kind != "e" {
        DriftSeverity::Broken
    } else {
        DriftSeverity::Attention
    });
    if gone {
        return found.noting("a label cannot be taken out of an enum: rows may hold it");
    }
    found
}
