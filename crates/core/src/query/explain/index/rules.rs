//! Which indexes are worth asking about.

use super::candidate::{Candidate, candidate};
use super::key::{contained, equal, is_on, is_there, key};
use super::order::for_order;
use super::sorted::for_sort;
use crate::Ident;
use crate::query::explain::condition;
use crate::query::explain::facts::Table;
use crate::query::explain::plan::ExplainNode;
use crate::query::explain::report::ExplainPurpose;
use crate::query::explain::warning::Evidence;

/// More than these are noise.
const AT_MOST: usize = 3;
/// An index pays where so much of the table is not wanted.
const THROWN_AWAY: f64 = 0.9;

/// The indexes to ask about, for the heaviest scans first.
pub(in crate::query::explain) fn candidates(evidence: &Evidence<'_>) -> Vec<Candidate> {
    let scans = evidence.large_scans().filter(|(node, _)| !evidence.is_rewritten(node));
    let filtered = scans.filter(|(node, table)| is_selective(node, table));
    let mut found: Vec<Candidate> = for_sort(evidence).into_iter().collect();
    // An index beside the rewrite is better than one for the statement that it replaces.
    let replaced = found.iter().find(|one| one.rewritten).map(|one| one.node);
    let sorted = evidence.large_scans().filter(|(node, _)| replaced != Some(node.id));
    found.extend(sorted.filter_map(|(node, table)| for_order(evidence, node, table)));
    for (node, table) in filtered {
        // One that serves the order as well serves the filter.
        let served = |candidate: &Candidate, keys: &[String]| {
            candidate.node == node.id && candidate.keys.starts_with(keys)
        };
        let wanted =
            for_filter(node, table).filter(|one| !found.iter().any(|known| served(known, &one.keys)));
        found.extend(wanted);
    }
    found.extend(evidence.large_scans().filter_map(|(node, table)| for_join(evidence, node, table)));
    found.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    found.dedup_by(|one, other| one.table == other.table && one.keys == other.keys);
    found.truncate(AT_MOST);
    found
}

fn is_selective(node: &ExplainNode, table: &Table) -> bool {
    match &node.measured {
        Some(measured) => {
            let removed = measured.removed.unwrap_or_default();
            removed > 0.0 && removed >= (removed + measured.rows) * THROWN_AWAY
        }
        None => table.rows.is_some_and(|rows| node.guess <= rows * (1.0 - THROWN_AWAY)),
    }
}

fn for_filter(node: &ExplainNode, table: &Table) -> Option<Candidate> {
    let comparisons = condition::comparisons(node.condition("Filter")?);
    let alias = node.alias.as_deref();
    if let Some(column) = contained(&comparisons, table, alias) {
        let keys = vec![format!("{} jsonb_path_ops", Ident::new(&column))];
        let there = table.indexes.iter().any(|index| index.method == "gin" && is_on(index, &column));
        let why = format!("For {column} @> …");
        return (!there).then(|| candidate(node, table, keys, ExplainPurpose::Filter, why).gin());
    }
    let mut keys = equal(&comparisons, table, alias);
    let ranges = comparisons.iter().filter(|found| ["<", ">", "<=", ">="].contains(&found.operator.as_str()));
    keys.extend(ranges.filter_map(|found| key(&found.left, table, alias)).next());
    keys.dedup();
    let wanted = !keys.is_empty() && !is_there(table, &keys);
    wanted.then(|| candidate(node, table, keys, ExplainPurpose::Filter, "For the filter".to_owned()))
}

/// The inner side of a nested loop, read whole for every row of the outer.
fn for_join(evidence: &Evidence<'_>, node: &ExplainNode, table: &Table) -> Option<Candidate> {
    let mut join = evidence.plan.parent(node)?;
    if join.kind == "Materialize" {
        join = evidence.plan.parent(join)?;
    }
    let comparisons = condition::comparisons(join.condition("Join Filter")?);
    let alias = node.alias.as_deref();
    let sides = comparisons.iter().filter(|found| found.operator == "=");
    let own =
        |side: &str| key(side, table, alias).filter(|_| alias.is_some_and(|alias| side.starts_with(alias)));
    let keys: Vec<String> =
        sides.filter_map(|found| own(&found.left).or_else(|| own(&found.right))).collect();
    (join.kind == "Nested Loop" && !keys.is_empty() && !is_there(table, &keys))
        .then(|| candidate(node, table, keys, ExplainPurpose::Join, "For the join".to_owned()))
}
