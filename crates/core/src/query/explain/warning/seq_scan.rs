//! A sequential scan of a large table, while an index could serve: its rewrite, the planner's other way, or none.

use super::{Evidence, about};
use crate::query::explain::facts::Table;
use crate::query::explain::plan::ExplainNode;
use crate::query::explain::report::{ExplainRewrite, ExplainVerdict, ExplainWarning};
use crate::query::explain::words;

pub(super) fn look(evidence: &Evidence<'_>) -> Vec<ExplainWarning> {
    let filtered = evidence.large_scans().filter(|(node, _)| node.condition("Filter").is_some());
    filtered.filter_map(|(node, table)| one(evidence, node, table)).collect()
}

fn one(evidence: &Evidence<'_>, node: &ExplainNode, table: &Table) -> Option<ExplainWarning> {
    if let Some(rewrite) = evidence.rewrite.filter(|rewrite| rewrite.node == node.id) {
        return Some(containment(node, table, rewrite));
    }
    let other = evidence.otherwise(node).filter(|other| other.kind != "Seq Scan")?;
    let index = index_of(evidence, other)?;
    let alternative = evidence.alternative?;
    faster(node, table, alternative.ms.zip(alternative.ms_now), &index, evidence.settings.random_page_cost)
        .or_else(|| Some(chosen(node, table, &index, alternative.cost_now, alternative.cost)))
}

/// Where the rewrite is slower the scan is right, as it is of a small table.
fn containment(node: &ExplainNode, table: &Table, rewrite: &ExplainRewrite) -> ExplainWarning {
    let worse = rewrite.gain.as_ref().filter(|gain| gain.verdict == ExplainVerdict::Worse);
    if worse.is_some() {
        let title = format!("Reading all of {} is right here.", table.name);
        let text = format!("{} could answer, and takes more for it.", rewrite.index);
        return about("containment", node, title, text).note();
    }
    let arrow = if rewrite.before.contains("->>") { "->>" } else { "->" };
    let asks = if rewrite.after.contains("@>") { "@>" } else { "?" };
    let title = format!("{arrow} reads the whole table.");
    about("containment", node, title, format!("{} answers {asks} only.", rewrite.index)).weighed()
}

/// The index that a scan uses: its own, or that of the bitmap below it.
fn index_of(evidence: &Evidence<'_>, node: &ExplainNode) -> Option<String> {
    let below = evidence.without?.nodes.iter().skip(node.id as usize);
    below.take(8).find_map(|node| node.index.clone())
}

/// The index was faster when both were run, by a fifth at least.
fn faster(
    node: &ExplainNode,
    table: &Table,
    ms: Option<(f64, f64)>,
    index: &str,
    random: f64,
) -> Option<ExplainWarning> {
    let (with_index, now) = ms.filter(|(with_index, now)| *with_index < now * 0.8)?;
    let title = format!("{index} is faster than reading all of {}.", table.name);
    let text = format!(
        "Run both ways: {} by the index, {} as planned. The planner counts {random} for a page out of order \
         (random_page_cost); on a solid state disk 1.1 is nearer.",
        words::duration(with_index),
        words::duration(now)
    );
    Some(about("seq_scan", node, title, text).with_sql("set random_page_cost = 1.1;".to_owned()).weighed())
}

/// The planner knows of the index and holds the scan for cheaper.
fn chosen(node: &ExplainNode, table: &Table, index: &str, now: f64, cost: f64) -> ExplainWarning {
    let title = format!("{} is read whole although {index} could serve.", table.name);
    let text = format!(
        "By the planner's costs that is cheaper: {} against {} by the index. Run both ways to know: \
         \"What if no seq scan?\" with ANALYZE.",
        words::count(now),
        words::count(cost)
    );
    about("seq_scan", node, title, text).note()
}
