//! An index that has what a filter leaves in its order, where sorting that takes its part and all of it is wanted.
//!
//! What the filter compares with one value comes first in the index; what a b-tree cannot (`@>`, `?`) is said in its
//! `where`, so that it is as small as the result. Where a rewrite is found, the index is for the rewritten statement.

use super::candidate::{Candidate, candidate};
use super::key::{is_there, key};
use super::order::{follow, rows, sort_keys};
use crate::query::explain::condition::{self, Comparison};
use crate::query::explain::facts::{Settings, Table};
use crate::query::explain::plan::{ExplainNode, ExplainPlan};
use crate::query::explain::report::{ExplainParameters, ExplainPurpose};
use crate::query::explain::warning::Evidence;

/// From this part of the whole on a sort is worth an index.
const WORTH: f64 = 0.1;
/// So much of the table at most: an index is read in no order of the table's pages.
const FEW: f64 = 0.1;

/// `cpu_tuple_cost`, `cpu_index_tuple_cost` and an operator's, as they are by default.
const ROW: f64 = 0.02;

/// What stands above the sort of a whole result.
const ABOVE: [&str; 2] = ["Gather Merge", "Limit"];

/// The index for the order of the whole result.
pub(super) fn for_sort(evidence: &Evidence<'_>) -> Option<Candidate> {
    let rewrite = evidence.rewrite.filter(|rewrite| rewrite.may_help());
    let rewritten = rewrite.and_then(|rewrite| Some((rewrite.node, &rewrite.gain.as_ref()?.shown.plan)));
    let plan = rewritten.map_or(evidence.plan, |(_, plan)| plan);
    let sort = plan.nodes.iter().find(|node| sorts_result(plan, node))?;
    // Of the statement as it stands the rule about limits has judged.
    let limited = plan.parent(sort).is_some_and(|above| above.kind == "Limit");
    if limited && rewritten.is_none() {
        return None;
    }
    let found = plan.nodes.iter().find_map(|node| {
        let table = evidence.tables.of_node(node).filter(|table| !table.is_small(evidence.settings))?;
        feeds(plan, node, sort).then(|| one(evidence, sort, node, table))?.filter(|found| {
            // Whether an order survives a join only the planner can tell.
            let direct = plan.parent(node).is_some_and(|above| above.id == sort.id);
            evidence.settings.hypopg.is_some()
                || direct && fetching(evidence.settings, table, &found.keys, rows(node)) < sort.cost
        })
    })?;
    Some(match rewritten {
        Some((node, _)) => found.after_rewrite(node),
        None => found,
    })
}

fn sorts_result(plan: &ExplainPlan, node: &ExplainNode) -> bool {
    let spilled = node.sort.as_ref().is_some_and(|sort| sort.on_disk);
    let mut above = plan.parent(node);
    while let Some(next) = above.filter(|next| ABOVE.contains(&next.kind.as_str())) {
        above = plan.parent(next);
    }
    above.is_none() && node.kind == "Sort" && node.ran() && (spilled || node.share() >= WORTH)
}

/// Whether the sort reads it as the outer side of all joins in between: only that side gives its order on.
fn feeds(plan: &ExplainPlan, node: &ExplainNode, sort: &ExplainNode) -> bool {
    let mut at = node;
    while at.relationship.as_deref() == Some("Outer") {
        match plan.parent(at) {
            Some(above) if above.id == sort.id => return true,
            Some(above) => at = above,
            None => return false,
        }
    }
    false
}

fn one(evidence: &Evidence<'_>, sort: &ExplainNode, node: &ExplainNode, table: &Table) -> Option<Candidate> {
    let alias = node.alias.as_deref();
    let order = sort_keys(sort, table, alias)?;
    let (equal, rest): (Vec<_>, Vec<_>) = filters(node)?.into_iter().partition(|one| one.operator == "=");
    let keys: Option<Vec<String>> = equal.iter().map(|one| key(&one.left, table, alias)).collect();
    let predicate: Option<Vec<String>> = rest.iter().map(|one| predicate(one, alias)).collect();
    let (mut keys, predicate) = (keys?, predicate?);
    let few = table.rows.is_some_and(|all| rows(node) <= all * FEW);
    if !few || keys.is_empty() && predicate.is_empty() {
        return None;
    }
    follow(&mut keys, order);
    if predicate.is_empty() && is_there(table, &keys) {
        return None;
    }
    let why = "For the order: what the filter leaves comes sorted".to_owned();
    let found = candidate(node, table, keys, ExplainPurpose::Order, why).weighing(sort.share());
    match predicate.is_empty() {
        true => Some(found),
        // An index of the rows of one parameter's value would be of no use to the next.
        false if evidence.parameters != ExplainParameters::None => None,
        false => Some(found.partial(table, predicate.join(" and "), rows(node))),
    }
}

/// What the planner would count for fetching rows in the order of an index (`cost_index` in costsize.c): between each page
/// at random and all in a row, by how far the first key's order is that of the table.
#[allow(clippy::cast_precision_loss)]
fn fetching(settings: &Settings, table: &Table, keys: &[String], rows: f64) -> f64 {
    let pages = table.pages as f64;
    let part = table.rows.map_or(1.0, |all| (rows / all.max(1.0)).min(1.0));
    let at_random = rows.min(pages) * settings.random_page_cost;
    let in_a_row = settings.random_page_cost + (pages * part).ceil() * settings.seq_page_cost;
    let known = keys.first().and_then(|key| table.column_of(key)?.correlation);
    let correlation = known.unwrap_or_default() * if keys.len() > 1 { 0.75 } else { 1.0 };
    at_random + correlation * correlation * (in_a_row.min(at_random) - at_random) + rows * ROW
}

/// All that a scan filters by; nothing where some of it is no comparison.
fn filters(node: &ExplainNode) -> Option<Vec<Comparison>> {
    let mut found = Vec::new();
    for text in ["Index Cond", "Recheck Cond", "Filter"].iter().filter_map(|label| node.condition(label)) {
        let comparisons = condition::comparisons(text);
        if comparisons.is_empty() {
            return None;
        }
        found.extend(comparisons);
    }
    Some(found)
}

/// `data @> '{}'::jsonb` of a column and a constant: that is immutable, and the planner knows it again.
fn predicate(one: &Comparison, alias: Option<&str>) -> Option<String> {
    let known = one.operator == "@>" && one.right.ends_with("'::jsonb")
        || one.operator == "?" && one.right.ends_with("'::text");
    let column = condition::column(&one.left, alias).filter(|_| known && one.right.starts_with('\''))?;
    Some(format!("{} {} {}", crate::Ident::new(&column), one.operator, one.right))
}
