//! An index that has the rows in their order, where a limit wants only the first: sorting reads all of them.

use super::candidate::{Candidate, candidate};
use super::key::{equal_keys, is_there};
use crate::Ident;
use crate::query::explain::condition;
use crate::query::explain::facts::Table;
use crate::query::explain::plan::ExplainNode;
use crate::query::explain::report::ExplainPurpose;
use crate::query::explain::warning::Evidence;

/// Fewer rows than this are sorted in no time.
const MANY: f64 = 1_000.0;
/// So many times more rows have to be read than are wanted.
const TIMES: f64 = 10.0;

/// A key of a sort: a column of the table, and what follows it.
struct Key {
    column: String,
    descends: bool,
    /// Where the nulls go, if not where they go by default.
    nulls: Option<&'static str>,
}

/// The index for the scan below a sort below a limit.
pub(super) fn for_order(evidence: &Evidence<'_>, node: &ExplainNode, table: &Table) -> Option<Candidate> {
    let sort = evidence.plan.parent(node).filter(|parent| parent.kind == "Sort")?;
    let limit = limit_above(evidence, sort)?;
    let (read, wanted) = (looked_at(node, table), rows(limit));
    if read < MANY || read < wanted * TIMES {
        return None;
    }
    let alias = node.alias.as_deref();
    let mut keys = filtered(evidence, node, table)?;
    follow(&mut keys, sort_keys(sort, table, alias)?);
    let why = "For the order, of which only the first rows are wanted".to_owned();
    let found = candidate(node, table, keys, ExplainPurpose::Order, why);
    (!is_there(table, &found.keys)).then(|| found.heavier(sort.share()))
}

/// The keys that a sort sorts by, as an index has them; nothing where one is no column of the table.
pub(super) fn sort_keys(sort: &ExplainNode, table: &Table, alias: Option<&str>) -> Option<Vec<String>> {
    let keys = sort.condition("Sort Key")?.split(", ").map(|key| parsed(key, table, alias));
    Some(written(&keys.collect::<Option<Vec<_>>>()?))
}

/// Adds what is not there yet: what is equal needs no order.
pub(super) fn follow(keys: &mut Vec<String>, order: Vec<String>) {
    for key in order {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
}

/// Workers that sort are gathered below the limit.
fn limit_above<'a>(evidence: &Evidence<'a>, sort: &ExplainNode) -> Option<&'a ExplainNode> {
    let above = evidence.plan.parent(sort)?;
    let above = if above.kind == "Gather Merge" { evidence.plan.parent(above)? } else { above };
    (above.kind == "Limit").then_some(above)
}

pub(super) fn rows(node: &ExplainNode) -> f64 {
    node.measured.as_ref().map_or(node.guess, |measured| measured.rows)
}

/// The rows of the table, those that a filter throws away among them.
fn looked_at(node: &ExplainNode, table: &Table) -> f64 {
    let measured =
        node.measured.as_ref().map(|measured| measured.rows + measured.removed.unwrap_or_default());
    measured.or(table.rows).unwrap_or(node.guess)
}

/// What is equal comes first in the index. Whether an order pays beside another filter only the planner can tell.
fn filtered(evidence: &Evidence<'_>, node: &ExplainNode, table: &Table) -> Option<Vec<String>> {
    let Some(filter) = node.condition("Filter") else { return Some(Vec::new()) };
    let keys = equal_keys(filter, table, node.alias.as_deref());
    let all = condition::comparisons(filter).len() == keys.len() && !keys.is_empty();
    (all || evidence.settings.hypopg.is_some()).then_some(keys)
}

/// `r.created_at DESC NULLS LAST`; anything but a column has its own rules.
fn parsed(key: &str, table: &Table, alias: Option<&str>) -> Option<Key> {
    let (key, nulls) = match (key.strip_suffix(" NULLS FIRST"), key.strip_suffix(" NULLS LAST")) {
        (Some(key), _) => (key, Some("nulls first")),
        (_, Some(key)) => (key, Some("nulls last")),
        _ => (key, None),
    };
    let (expression, descends) = key.strip_suffix(" DESC").map_or((key, false), |key| (key, true));
    let column = condition::column(expression, alias)?;
    table.column(&column)?;
    Some(Key { column, descends, nulls })
}

/// An index is read from either end: where all keys descend, none has to say so.
fn written(keys: &[Key]) -> Vec<String> {
    let backwards = keys.iter().all(|key| key.descends && key.nulls.is_none());
    let one = |key: &Key| {
        let name = Ident::new(&key.column).to_string();
        let order = if key.descends && !backwards { " desc" } else { "" };
        let nulls = key.nulls.map(|nulls| format!(" {nulls}")).unwrap_or_default();
        format!("{name}{order}{nulls}")
    };
    keys.iter().map(one).collect()
}
