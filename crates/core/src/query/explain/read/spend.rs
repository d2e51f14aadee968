//! Time, buffers and costs of a node alone: what its children and subplans took is taken off.

use super::members::{Members, shown};
use crate::query::explain::cut::CutNode;
use crate::query::explain::plan::{ExplainBuffers, ExplainPlan};
use crate::query::explain::time::{self, Charge, Timed};

/// Fills in what each node took by itself.
pub(super) fn spend(plan: &mut ExplainPlan, cut: &[CutNode]) {
    let nodes: Vec<Timed> = cut.iter().map(timed).collect();
    let (spent, charges) = time::spent(&nodes);
    let whole = plan.execution_ms.unwrap_or_default();
    for (node, spent) in plan.nodes.iter_mut().zip(spent) {
        let Some(measured) = &mut node.measured else { continue };
        measured.processes = spent.processes;
        if measured.total_ms.is_some() {
            (measured.total_ms, measured.own_ms) = (Some(spent.total), Some(spent.own));
            measured.share = (whole > 0.0).then(|| (spent.own / whole).min(1.0));
        }
    }
    own_buffers(plan, &charges);
    own_costs(plan, cut);
}

fn timed(node: &CutNode) -> Timed {
    let members = Members(&node.members);
    let kind = members.text("Node Type").unwrap_or_default();
    Timed {
        parent: node.parent,
        cte: members.text("CTE Name").filter(|_| kind == "CTE Scan"),
        kind,
        relationship: members.text("Parent Relationship"),
        subplan: members.text("Subplan Name"),
        expressions: expressions(node),
        loops: members.number("Actual Loops").unwrap_or_default(),
        loop_ms: members.number("Actual Total Time").unwrap_or_default(),
    }
}

/// All that a node computes. Its output is among it: a value may be needed there first.
fn expressions(node: &CutNode) -> String {
    let names = ["Node Type", "Subplan Name", "Relation Name", "Alias", "Schema", "Index Name"];
    let computed = node.members.iter().filter(|(label, _)| !names.contains(&label.as_str()));
    let texts = computed.filter(|(_, value)| value.is_string() || value.is_array());
    texts.map(|(_, value)| shown(value)).collect::<Vec<_>>().join("\n")
}

/// The same that pay for time pay for buffers; these are sums of all processes, and not divided.
fn own_buffers(plan: &mut ExplainPlan, charges: &[Charge]) {
    let whole: Vec<Option<ExplainBuffers>> = plan.nodes.iter().map(|node| node.buffers).collect();
    for charge in charges {
        let paid = whole[charge.node].map(|buffers| buffers.part(charge.part));
        if let (Some(own), Some(paid)) = (&mut plan.nodes[charge.payer].buffers, paid) {
            *own = own.without(paid);
        }
    }
}

/// Costs hold a CTE and an InitPlan in their owner: it is where the planner adds them.
fn own_costs(plan: &mut ExplainPlan, cut: &[CutNode]) {
    let whole: Vec<f64> = plan.nodes.iter().map(|node| node.cost).collect();
    for (at, node) in cut.iter().enumerate() {
        if let Some(parent) = node.parent {
            plan.nodes[parent].own_cost -= whole[at];
        }
    }
    for node in &mut plan.nodes {
        node.own_cost = node.own_cost.max(0.0);
    }
}
