//! A plan as a value: what `explain` said, and what follows from it.

mod buffers;
mod figures;

pub use buffers::ExplainBuffers;
pub use figures::{ExplainHash, ExplainHeap, ExplainJit, ExplainMemoize, ExplainSort, ExplainTrigger};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A plan, its nodes in the server's order: parents before children, so that no depth can end a stack.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainPlan {
    pub nodes: Vec<ExplainNode>,
    /// The planner's guess of the whole, in its own unit.
    pub cost: f64,
    pub planning_ms: Option<f64>,
    /// From the start of the executor to its end, triggers included. Absent without ANALYZE.
    pub execution_ms: Option<f64>,
    /// What the statement gave, or changed where it returns nothing and the plan tells.
    pub rows: Option<f64>,
    /// Of the whole execution.
    pub buffers: Option<ExplainBuffers>,
    pub triggers: Vec<ExplainTrigger>,
    pub jit: Option<ExplainJit>,
    /// Settings of the planner that are not the server's defaults.
    pub settings: Vec<ExplainFact>,
    /// How many statements rules made of it, each with a root of its own.
    pub statements: u32,
}

/// One step of a plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainNode {
    pub id: u32,
    pub parent: Option<u32>,
    /// From 1.
    pub level: u32,
    /// As `explain` prints it: "Parallel Seq Scan", "Hash Left Join".
    pub name: String,
    /// PostgreSQL's own type of it: "Seq Scan", "Hash Join".
    pub kind: String,
    /// Outer, Inner, Member, InitPlan, SubPlan, Subquery.
    pub relationship: Option<String>,
    /// "CTE recent", "InitPlan 1", "SubPlan 2".
    pub subplan: Option<String>,
    pub schema: Option<String>,
    pub relation: Option<String>,
    pub alias: Option<String>,
    pub index: Option<String>,
    /// A function, a CTE, a table of values.
    pub source: Option<String>,
    /// In few words, for the second line: what it scans, sorts by or joins on, and what is odd.
    pub detail: String,
    pub startup_cost: f64,
    pub cost: f64,
    /// Without that of its children, not below 0.
    pub own_cost: f64,
    /// Of the plan's cost, 0 to 1.
    pub cost_share: f64,
    pub width: u64,
    /// Rows that the planner expects of one loop.
    pub guess_per_loop: f64,
    /// Of all loops, where ANALYZE counted them, else as `guess_per_loop`.
    pub guess: f64,
    /// What ANALYZE measured; absent without it.
    pub measured: Option<ExplainMeasured>,
    /// Of itself alone, its children taken off.
    pub buffers: Option<ExplainBuffers>,
    /// The conditions and keys, in the server's words.
    pub conditions: Vec<ExplainCondition>,
    pub workers_planned: Option<u32>,
    pub workers_launched: Option<u32>,
    pub sort: Option<ExplainSort>,
    pub hash: Option<ExplainHash>,
    pub memoize: Option<ExplainMemoize>,
    pub heap: Option<ExplainHeap>,
    /// All else that the server said of it.
    pub facts: Vec<ExplainFact>,
    /// How much of the whole it takes.
    pub heat: ExplainHeat,
}

/// How much of the whole a node takes: of the time, or of the cost where nothing was measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExplainHeat {
    #[default]
    Cool,
    /// A tenth or more.
    Warm,
    /// The most of all.
    Hot,
}

/// What ANALYZE measured of a node.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainMeasured {
    /// How often it was run, by all processes together; 0 is never.
    pub loops: f64,
    /// The mean of a loop; from 18 on with decimals.
    pub rows_per_loop: f64,
    /// Of all loops and processes.
    pub rows: f64,
    /// How many processes ran it side by side.
    pub processes: f64,
    /// On the clock, children included: the loops together, divided among the processes. Absent where timing was off.
    pub total_ms: Option<f64>,
    /// On the clock, without what its children and the subplans that it ran took; never below 0.
    pub own_ms: Option<f64>,
    /// `own_ms` of the execution time, 0 to 1.
    pub share: Option<f64>,
    /// Rows that its conditions threw away, of all loops.
    pub removed: Option<f64>,
    /// Rows divided by the guess; absent where the two cannot be compared.
    pub off_by: Option<f64>,
}

/// A condition or key of a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainCondition {
    /// "Filter", "Index Cond", "Sort Key".
    pub label: String,
    pub text: String,
}

/// A name and a value, as the server says them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainFact {
    pub label: String,
    pub value: String,
}

impl ExplainNode {
    /// A condition by its label.
    pub fn condition(&self, label: &str) -> Option<&str> {
        self.conditions.iter().find(|condition| condition.label == label).map(|found| found.text.as_str())
    }

    /// Something else that the server said of it.
    pub fn fact(&self, label: &str) -> Option<&str> {
        self.facts.iter().find(|fact| fact.label == label).map(|found| found.value.as_str())
    }

    /// On the clock, without its children; 0 where nothing was measured.
    pub fn own_ms(&self) -> f64 {
        self.measured.as_ref().and_then(|measured| measured.own_ms).unwrap_or_default()
    }

    /// Whether it was run at all; true where nothing was measured.
    pub fn ran(&self) -> bool {
        self.measured.as_ref().is_none_or(|measured| measured.loops > 0.0)
    }

    /// The part of the whole that it takes, of the time or else of the cost.
    pub fn share(&self) -> f64 {
        let share = self.measured.as_ref().and_then(|measured| measured.share);
        share.unwrap_or(if self.measured.is_some() { 0.0 } else { self.cost_share })
    }
}

impl ExplainPlan {
    /// A node's parent.
    pub fn parent(&self, node: &ExplainNode) -> Option<&ExplainNode> {
        self.nodes.get(node.parent? as usize)
    }

    /// A node's children.
    pub fn children(&self, node: &ExplainNode) -> impl Iterator<Item = &ExplainNode> {
        let id = node.id;
        // Children come after their parent, and never beyond the next node of its level.
        let after = self.nodes.iter().skip(id as usize + 1);
        let level = node.level;
        after.take_while(move |next| next.level > level).filter(move |child| child.parent == Some(id))
    }
}
