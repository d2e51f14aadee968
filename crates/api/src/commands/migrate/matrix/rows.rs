//! Laying out: a row a version, a cell a connection, and what differs or waits.

use std::collections::BTreeMap;

use evaldesk_core::connection::ConnectionProfile;
use evaldesk_core::migrate::{MigrationState, Version};

use super::look::Looked;
use super::seen::SeenVersion;
use super::{MatrixCell, MatrixColumn, MatrixRow, MigrationMatrix};

/// The whole matrix.
pub(super) fn laid_out(
    origin: String,
    profiles: &[ConnectionProfile],
    looked: Vec<Looked>,
) -> MigrationMatrix {
    let rows = rows(profiles, &looked);
    let columns = profiles.iter().zip(looked).map(|(profile, looked)| column(profiles, profile, looked));
    MigrationMatrix { origin, columns: columns.collect(), rows }
}

fn column(profiles: &[ConnectionProfile], profile: &ConnectionProfile, looked: Looked) -> MatrixColumn {
    MatrixColumn {
        connection: profile.id.clone(),
        name: profile.name.clone(),
        environment: profile.environment,
        color: profile.color.clone(),
        database: profile.database.clone(),
        live: looked.why.is_none(),
        drift: looked.seen.as_ref().and_then(|seen| seen.drift.as_ref()?.differences),
        drift_at: looked.seen.as_ref().and_then(|seen| Some(seen.drift.as_ref()?.at.clone())),
        pending: looked.seen.as_ref().map_or(0, |seen| seen.pending),
        seen_at: looked.seen.map(|seen| seen.at),
        why: looked.why,
        after: before(profiles, profile).map(|at| profiles[at].name.clone()),
    }
}

/// The column that has to have a migration before this one.
fn before(profiles: &[ConnectionProfile], profile: &ConnectionProfile) -> Option<usize> {
    let after = profile.migrations.after.as_deref()?;
    profiles.iter().position(|other| other.id == after)
}

fn rows(profiles: &[ConnectionProfile], looked: &[Looked]) -> Vec<MatrixRow> {
    let mut found: BTreeMap<&Version, Vec<Option<&SeenVersion>>> = BTreeMap::new();
    for (at, seen) in looked.iter().enumerate().filter_map(|(at, one)| Some((at, one.seen.as_ref()?))) {
        for one in &seen.versions {
            found.entry(&one.version).or_insert_with(|| vec![None; profiles.len()])[at] = Some(one);
        }
    }
    let known: Vec<bool> = looked.iter().map(|one| one.seen.is_some()).collect();
    let drift = |version: &Version| looked.iter().map(|one| drift_of(one, version)).collect::<Vec<_>>();
    let rows = found.into_iter();
    rows.map(|(version, seen)| row(version, &seen, &known, &drift(version), profiles)).collect()
}

/// How much of the last comparison concerns a version; absent where there was none.
fn drift_of(looked: &Looked, version: &Version) -> Option<u32> {
    let drift = looked.seen.as_ref()?.drift.as_ref().filter(|drift| drift.differences.is_some())?;
    Some(drift.of.iter().find(|(of, _)| of == version).map_or(0, |(_, count)| *count))
}

/// What counts as a difference: whatever is in effect is the same, and so is whatever is not recorded. What needs a
/// decision is neither.
fn standing(seen: Option<&SeenVersion>) -> Option<MigrationState> {
    use MigrationState::{Down, OptIn, OutOfOrder, Up};
    match seen.map(|one| one.state) {
        Some(state) if state.is_in_effect() => Some(Up),
        None | Some(Down | OptIn | OutOfOrder) => None,
        decide => decide,
    }
}

fn row(
    version: &Version,
    seen: &[Option<&SeenVersion>],
    known: &[bool],
    drift: &[Option<u32>],
    profiles: &[ConnectionProfile],
) -> MatrixRow {
    let up = |at: usize| seen[at].is_some_and(|one| one.state.is_in_effect());
    let mut standings = (0..seen.len()).filter(|at| known[*at]).map(|at| standing(seen[at]));
    let first = standings.next();
    let cell = |(at, one): (usize, &Option<&SeenVersion>)| {
        let one = (*one)?;
        let first = before(profiles, &profiles[at]).filter(|first| !up(at) && known[*first] && !up(*first));
        let waits_for = first.map(|first| profiles[first].name.clone());
        Some(MatrixCell {
            state: one.state,
            partial: one.partial.clone(),
            note: one.note.clone(),
            drift: drift[at],
            waits_for,
        })
    };
    MatrixRow {
        version: version.clone(),
        name: seen.iter().flatten().find_map(|one| one.name.clone()),
        differs: standings.any(|standing| Some(standing) != first),
        cells: seen.iter().enumerate().map(cell).collect(),
    }
}
