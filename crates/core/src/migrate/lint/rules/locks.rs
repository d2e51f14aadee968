//! Locks that others wait for while much is read or written: what no rule of the library covers.

use super::super::source::{Found, Piece, Source};
use crate::sql::LockMode;
use crate::sql::statement::{ObjectKind, StatementKind, Touch};

pub(super) fn check(source: &Source<'_>, found: &mut Vec<Found>) {
    for piece in &source.statements {
        if said(piece, found) {
            continue;
        }
        let next = vacuum_full(source, piece).or_else(|| rewrite(piece)).or_else(|| scan(source, piece));
        found.extend(next.or_else(|| by_hand(source, piece)));
    }
    found.extend(held_long(source));
}

/// Whether the same is said already, by the library or by a rule of ours that knows better.
fn said(piece: &Piece, found: &[Found]) -> bool {
    const COVERED: &[&str] = &[
        "adding-field-with-default",
        "adding-foreign-key-constraint",
        "adding-not-nullable-field",
        "adding-required-field",
        "adding-serial-primary-key-field",
        "changing-column-type",
        "constraint-missing-not-valid",
        "disallowed-unique-constraint",
        "large-index-build",
        "prefer-repack",
        "require-concurrent-index-creation",
        "require-concurrent-reindex",
        "ban-alter-domain-with-add-constraint",
    ];
    found.iter().any(|other| {
        COVERED.contains(&other.rule.as_str()) && (piece.start..piece.end).contains(&other.start)
    })
}

fn old(piece: &Piece) -> impl Iterator<Item = &Touch> {
    piece.effects.touches.iter().filter(|touch| !piece.is_new(&touch.relation))
}

fn vacuum_full(source: &Source<'_>, piece: &Piece) -> Option<Found> {
    let text = piece.text(source);
    let strong = piece.effects.every_table.or(piece.effects.strongest());
    let word = text.split(|c: char| !c.is_alphanumeric()).next()?.to_lowercase();
    if word != "vacuum" || strong != Some(LockMode::AccessExclusive) {
        return None;
    }
    let table = piece.effects.touches.first().map(|touch| touch.relation.as_str());
    let what = format!("{} is written anew while reads and writes wait", table.unwrap_or("Every table"));
    let why = "It needs as much free disk as the table takes, and ends only when all of it is copied. A plain vacuum makes the room \
               usable again without stopping anybody; pg_repack and pg_squeeze, and repack (concurrently) from 19 on, give it back.";
    let rewrite = format!(
        "-- evaldesk: no-transaction\n\nvacuum (analyze){};",
        table.map(|table| format!(" {table}")).unwrap_or_default()
    );
    Some(piece.found("vacuum-full", what, why).instead(rewrite))
}

fn rewrite(piece: &Piece) -> Option<Found> {
    let touch = old(piece).find(|touch| touch.rewrites && touch.mode.blocks_writes())?;
    let what = format!("{} is written anew while reads and writes wait", touch.relation);
    let why = match touch.kind {
        ObjectKind::MaterializedView => {
            "With a unique index over all of its rows it can be refreshed concurrently, and readers go on."
        }
        ObjectKind::Index => {
            "A new index beside it, built concurrently, takes its place without stopping anybody."
        }
        _ => "It takes as long as the table is large, and as much free disk as it has.",
    };
    let found = piece.found("table-rewrite", what, why);
    Some(match touch.kind {
        ObjectKind::MaterializedView => {
            found.instead(format!("refresh materialized view concurrently {};", touch.relation))
        }
        _ => found,
    })
}

fn scan(source: &Source<'_>, piece: &Piece) -> Option<Found> {
    let touch = old(piece).find(|touch| touch.scans && touch.mode.blocks_writes())?;
    let small = source.facts(piece, &touch.relation).is_some_and(|facts| facts.is_small());
    // On a partition that is being attached nobody works yet, as a rule.
    if small || matches!(touch.kind, ObjectKind::Index) {
        return None;
    }
    let who = if touch.mode.blocks_reads() { "reads and writes wait" } else { "writes wait" };
    let what = format!("Every row of {} is read while {who}", touch.relation);
    let attach = piece.text(source).to_lowercase().contains("attach");
    let why = if attach {
        "A check on the partition that says what its bounds say, made not valid and validated before, spares the reading."
    } else {
        "The work is as long as the table is large, and the lock lasts until the end of the transaction."
    };
    Some(piece.found("scan-under-lock", what, why))
}

fn by_hand(source: &Source<'_>, piece: &Piece) -> Option<Found> {
    let plain = piece.effects.kind == StatementKind::Maintain
        && piece.text(source).to_lowercase().starts_with("vacuum");
    plain.then(|| {
        let why = "It is autovacuum's work, which goes on after the migration; a table that needs it more often is told so with \
                   alter table ... set (autovacuum_vacuum_scale_factor = ...). After rows were loaded, analyze alone is enough.";
        piece.found("vacuum-by-hand", "A vacuum in a migration runs once, and never again", why)
    })
}

/// In one transaction a lock lasts to the end: what takes long should come before it.
fn held_long(source: &Source<'_>) -> Option<Found> {
    if !source.context.transactional {
        return None;
    }
    let blocks = |piece: &Piece| {
        old(piece).find(|touch| touch.mode.blocks_writes()).map(|touch| (touch.relation.clone(), touch.mode))
    };
    let (at, (relation, mode)) =
        source.statements.iter().enumerate().find_map(|(at, piece)| Some((at, blocks(piece)?)))?;
    let long = |piece: &&Piece| {
        let heavy =
            |touch: &Touch| touch.rewrites || touch.scans || piece.effects.kind == StatementKind::Write;
        let small =
            |touch: &Touch| source.facts(piece, &touch.relation).is_some_and(|facts| facts.is_small());
        old(piece).any(|touch| heavy(touch) && !small(touch) && !is_read(touch))
    };
    let later = source.statements.iter().skip(at + 1).find(long)?;
    let who = if mode.blocks_reads() { "reads and writes" } else { "writes" };
    let what = format!("{who} of {relation} wait until this is done too");
    let why = format!(
        "The lock of line {} lasts until the end of the transaction. Put this before it, or into a migration of its own.",
        source.statements[at].lines.0
    );
    Some(later.found("lock-held-long", capital(&what), why))
}

fn is_read(touch: &Touch) -> bool {
    touch.mode < LockMode::RowExclusive
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
