//! From EXPLAIN's JSON to a plan.
//!
//! Every member that has no field of its own is kept as a fact: a server that is newer than this program, or has an
//! extension, says things that nobody here knows.

mod members;
mod node;
mod spend;

use serde_json::Value;

use super::cut::{Object, cut};
use super::plan::{ExplainBuffers, ExplainFact, ExplainHeat, ExplainJit, ExplainPlan, ExplainTrigger};
use super::rows;
use crate::{Error, ErrorKind, Result};
use members::Members;

/// Reads what `explain (format json)` says. `block_size` is the server's, in bytes.
///
/// # Errors
/// Where it is no JSON of a plan, or holds no plan at all: a rule may make nothing of a statement.
pub fn read_plan(json: &str, block_size: u64) -> Result<ExplainPlan> {
    let cut = cut(json)?;
    if cut.nodes.is_empty() {
        return Err(Error::new(ErrorKind::Precondition, "the server has no plan for this statement").hint(
            "A rule turns it into nothing, or into a utility statement. Look at the rules of its table.",
        ));
    }
    let mut plan = around(&cut.around);
    for (at, node) in cut.nodes.iter().enumerate() {
        let level = node.parent.map_or(1, |parent| plan.nodes[parent].level + 1);
        plan.nodes.push(node::read(at, node, level, block_size));
    }
    spend::spend(&mut plan, &cut.nodes);
    rows::compare(&mut plan);
    sum_up(&mut plan, &cut.nodes, block_size);
    heat(&mut plan);
    for at in 0..plan.nodes.len() {
        plan.nodes[at].detail = node::detail(&plan.nodes[at]);
    }
    Ok(plan)
}

fn around(documents: &[Object]) -> ExplainPlan {
    let sum = |member: &str| {
        let found: Vec<f64> =
            documents.iter().filter_map(|document| Members(document).number(member)).collect();
        (!found.is_empty()).then(|| found.iter().sum())
    };
    let list = |member: &'static str| {
        documents.iter().filter_map(move |document| document.get(member)?.as_array()).flatten()
    };
    ExplainPlan {
        planning_ms: sum("Planning Time"),
        execution_ms: sum("Execution Time"),
        triggers: list("Triggers").filter_map(Value::as_object).map(trigger).collect(),
        jit: documents.iter().find_map(|document| jit(document.get("JIT")?.as_object()?)),
        settings: documents
            .iter()
            .find_map(|document| document.get("Settings")?.as_object())
            .map(|settings| settings.iter().map(|(label, value)| fact(label, value)).collect())
            .unwrap_or_default(),
        statements: u32::try_from(documents.len()).unwrap_or(u32::MAX),
        ..ExplainPlan::default()
    }
}

fn fact(label: &str, value: &Value) -> ExplainFact {
    ExplainFact { label: label.to_owned(), value: members::shown(value) }
}

fn trigger(members: &Object) -> ExplainTrigger {
    let members = Members(members);
    ExplainTrigger {
        name: members.text("Trigger Name").unwrap_or_default(),
        constraint: members.text("Constraint Name"),
        relation: members.text("Relation"),
        calls: members.whole("Calls").unwrap_or_default(),
        total_ms: members.number("Time"),
    }
}

fn jit(members: &Object) -> Option<ExplainJit> {
    let timing = members.get("Timing").and_then(Value::as_object);
    let functions = Members(members).whole("Functions")?;
    Some(ExplainJit { functions, total_ms: timing.and_then(|timing| Members(timing).number("Total")) })
}

/// What holds of the whole is what its roots say.
fn sum_up(plan: &mut ExplainPlan, cut: &[super::cut::CutNode], block_size: u64) {
    let roots: Vec<usize> = (0..cut.len()).filter(|at| cut[*at].parent.is_none()).collect();
    plan.cost = roots.iter().map(|root| plan.nodes[*root].cost).sum();
    plan.rows = roots.first().and_then(|root| rows_of(plan, *root));
    let buffers = roots.iter().filter_map(|root| node::buffers(&Members(&cut[*root].members), block_size));
    plan.buffers = buffers.reduce(ExplainBuffers::and);
    let whole = plan.cost;
    for node in &mut plan.nodes {
        node.cost_share = if whole > 0.0 { (node.own_cost / whole).min(1.0) } else { 0.0 };
    }
}

/// What came out; of a change that returns nothing, what went in.
fn rows_of(plan: &ExplainPlan, root: usize) -> Option<f64> {
    let node = plan.nodes.get(root)?;
    let given = node.measured.as_ref()?.rows;
    if node.kind != "ModifyTable" || given > 0.0 {
        return Some(given);
    }
    let fed = plan.children(node).filter(|child| child.relationship.as_deref() != Some("InitPlan"));
    Some(fed.filter_map(|child| Some(child.measured.as_ref()?.rows)).sum())
}

fn heat(plan: &mut ExplainPlan) {
    let most = plan.nodes.iter().map(super::plan::ExplainNode::share).fold(0.0, f64::max);
    for node in &mut plan.nodes {
        let share = node.share();
        node.heat = match share {
            share if share >= most && share >= 0.1 => ExplainHeat::Hot,
            0.1.. => ExplainHeat::Warm,
            _ => ExplainHeat::Cool,
        };
    }
}

#[cfg(test)]
mod tests;
