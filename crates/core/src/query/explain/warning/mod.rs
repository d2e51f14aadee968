//! What is slow in a plan, in words and with the evidence; one file a rule.
//!
//! A rule says nothing without a figure of this plan or this server. What is right on a small table is no fault there, and
//! the rules about scans leave small tables alone.

mod count_all;
mod filter;
mod function;
mod heap_fetches;
mod jit;
mod loops;
mod lossy;
mod misestimate;
mod offset;
mod seq_scan;
mod small_table;
mod spilled_hash;
mod spilled_sort;
mod trigger;
mod workers;

use super::facts::{Settings, Table, Tables};
use super::plan::{ExplainNode, ExplainPlan};
use super::report::{ExplainAlternative, ExplainLevel, ExplainParameters, ExplainRewrite, ExplainWarning};

/// What a rule may look at.
pub(super) struct Evidence<'a> {
    pub(super) plan: &'a ExplainPlan,
    pub(super) tables: &'a Tables,
    pub(super) settings: &'a Settings,
    /// The plan without sequential scans, where this one has any.
    pub(super) without: Option<&'a ExplainPlan>,
    pub(super) alternative: Option<&'a ExplainAlternative>,
    pub(super) rewrite: Option<&'a ExplainRewrite>,
    pub(super) parameters: ExplainParameters,
    pub(super) major: i32,
}

/// The rules; each says what it has to say of the whole plan.
const RULES: [fn(&Evidence<'_>) -> Vec<ExplainWarning>; 15] = [
    seq_scan::look,
    small_table::look,
    misestimate::look,
    spilled_sort::look,
    spilled_hash::look,
    loops::look,
    filter::look,
    heap_fetches::look,
    function::look,
    lossy::look,
    count_all::look,
    offset::look,
    jit::look,
    workers::look,
    trigger::look,
];

/// All warnings, the heaviest first; notes last.
pub(super) fn warnings(evidence: &Evidence<'_>) -> Vec<ExplainWarning> {
    let mut found: Vec<ExplainWarning> = RULES.iter().flat_map(|rule| rule(evidence)).collect();
    found.sort_by(|one, other| one.level.cmp(&other.level).then(other.weight.total_cmp(&one.weight)));
    found
}

impl<'a> Evidence<'a> {
    /// The nodes that were run, with the table that each reads.
    fn scans(&self) -> impl Iterator<Item = (&'a ExplainNode, &'a Table)> {
        let tables = self.tables;
        let ran = self.plan.nodes.iter().filter(|node| node.ran() && node.kind.ends_with("Scan"));
        ran.filter_map(move |node| Some((node, tables.of_node(node)?)))
    }

    /// Sequential scans of tables that are large enough to matter.
    pub(super) fn large_scans(&self) -> impl Iterator<Item = (&'a ExplainNode, &'a Table)> {
        let settings = self.settings;
        let large = move |(node, table): &(&ExplainNode, &Table)| {
            node.kind == "Seq Scan" && !table.is_small(settings)
        };
        self.scans().filter(large)
    }

    /// Whether a rewrite is offered for this node already.
    pub(super) fn is_rewritten(&self, node: &ExplainNode) -> bool {
        self.rewrite.is_some_and(|rewrite| rewrite.node == node.id && rewrite.may_help())
    }

    /// How the same table is read when sequential scans are off.
    pub(super) fn otherwise(&self, node: &ExplainNode) -> Option<&'a ExplainNode> {
        self.without?.nodes.iter().find(|other| {
            other.relation == node.relation && other.schema == node.schema && other.alias == node.alias
        })
    }
}

/// A warning about a node, as heavy as its share of the whole.
fn about(rule: &str, node: &ExplainNode, title: String, text: String) -> ExplainWarning {
    ExplainWarning {
        rule: rule.to_owned(),
        level: ExplainLevel::Attention,
        node: Some(node.id),
        title,
        text,
        sql: None,
        weight: node.share(),
    }
}

impl ExplainWarning {
    fn with_sql(mut self, sql: String) -> Self {
        self.sql = Some(sql);
        self
    }

    fn note(mut self) -> Self {
        self.level = ExplainLevel::Note;
        self
    }

    /// A cause of the slowness where it takes a quarter of the time or more.
    fn weighed(mut self) -> Self {
        if self.weight >= 0.25 {
            self.level = ExplainLevel::Failed;
        }
        self
    }
}
