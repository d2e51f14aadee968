//! A nested loop whose inner side was run very often, and took the time.

use super::{Evidence, about};
use crate::query::explain::plan::ExplainNode;
use crate::query::explain::report::ExplainWarning;
use crate::query::explain::words;

/// Fewer loops than this are cheap.
const MANY: f64 = 10_000.0;
/// A scan of a whole table is dear sooner.
const MANY_SCANS: f64 = 100.0;

pub(super) fn look(evidence: &Evidence<'_>) -> Vec<ExplainWarning> {
    let joins = evidence.plan.nodes.iter().filter(|node| node.kind == "Nested Loop");
    joins.filter_map(|join| one(evidence, join)).collect()
}

fn one(evidence: &Evidence<'_>, join: &ExplainNode) -> Option<ExplainWarning> {
    let inner = evidence.plan.children(join).find(|node| node.relationship.as_deref() == Some("Inner"))?;
    let measured = inner.measured.as_ref()?;
    let whole = evidence.plan.execution_ms.filter(|ms| *ms > 0.0)?;
    let weight = measured.total_ms? / whole;
    let many = if inner.kind == "Seq Scan" { MANY_SCANS } else { MANY };
    if measured.loops < many || weight < 0.3 {
        return None;
    }
    let title = format!("The inner side of a nested loop was run {} times.", words::count(measured.loops));
    let outer = evidence.plan.children(join).find(|node| node.relationship.as_deref() == Some("Outer"));
    let guessed = outer.map(|outer| words::count(outer.guess)).unwrap_or_default();
    let text = format!(
        "{} took {} of the time; the planner expected {guessed} rows on the outer side. With better guesses it would \
         rather hash one side.",
        inner.name,
        words::percent(weight)
    );
    let mut warning = about("nested_loop", join, title, text);
    warning.weight = weight.min(1.0);
    Some(warning)
}
