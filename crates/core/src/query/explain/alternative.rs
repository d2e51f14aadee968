//! What the planner would do without sequential scans, beside what it does.
//!
//! `enable_seqscan = off` forbids none: where there is no other way it scans all the same. Up to 17 such a scan counts
//! 10,000,000,000 more (`disable_cost` in costsize.c), which says nothing of its cost and is taken off here.

use super::plan::{ExplainNode, ExplainPlan};
use super::report::{ExplainAlternative, ExplainReport, ExplainShown};
use super::run::Explaining;
use super::session::May;
use super::words;
use crate::Result;

const DISABLED: f64 = 1.0e10;

impl Explaining<'_> {
    /// The plan without sequential scans, where this one has any. Measured where it is asked for, and only of a read: a
    /// write is run no more often than a person asked.
    pub(super) async fn without_seq_scan(&mut self, plan: &ExplainPlan) -> Result<Option<ExplainShown>> {
        if !plan.nodes.iter().any(scans) {
            return Ok(None);
        }
        let measures =
            self.request.without_seq_scan && plan.execution_ms.is_some() && self.permit.may == May::Read;
        let json = if measures { self.measured(true).await } else { self.planned(true).await };
        let json = match json {
            // It took longer than the limit: what it would do is had all the same.
            Err(error) if measures && error.kind() == crate::ErrorKind::Cancelled => {
                self.planned(true).await?
            }
            other => other?,
        };
        let mut without = self.shown(json)?;
        undo_disabled(&mut without.plan);
        Ok(Some(without))
    }
}

fn scans(node: &ExplainNode) -> bool {
    node.kind == "Seq Scan"
}

fn undo_disabled(plan: &mut ExplainPlan) {
    let rest = |cost: f64| if cost >= DISABLED { cost % DISABLED } else { cost };
    for node in &mut plan.nodes {
        (node.cost, node.startup_cost, node.own_cost) =
            (rest(node.cost), rest(node.startup_cost), rest(node.own_cost));
    }
    plan.cost = rest(plan.cost);
}

/// Both plans beside each other.
pub(super) fn compare(report: &ExplainReport, shown: &ExplainShown, whole: bool) -> ExplainAlternative {
    let without = &shown.plan;
    let used = |plan: &ExplainPlan| -> Vec<String> {
        plan.nodes.iter().filter_map(|node| node.index.clone()).collect()
    };
    let known = used(&report.plan);
    let mut indexes: Vec<String> = used(without).into_iter().filter(|index| !known.contains(index)).collect();
    indexes.dedup();
    let ms = without.execution_ms;
    let mut alternative = ExplainAlternative {
        words: String::new(),
        cost_now: report.plan.cost,
        cost: without.cost,
        ms_now: ms.and(report.plan.execution_ms),
        ms,
        indexes,
        still_scans: without.nodes.iter().any(scans),
        shown: whole.then(|| shown.clone()),
    };
    alternative.words = said(&alternative);
    alternative
}

fn said(found: &ExplainAlternative) -> String {
    if found.indexes.is_empty() {
        let left = if found.still_scans {
            "no index serves this statement"
        } else {
            "it has another way of the same kind"
        };
        return format!("Without sequential scans nothing changes for the better: {left}.");
    }
    let indexes = found.indexes.join(", ");
    let costs = format!("cost {} instead of {}", words::cost(found.cost), words::cost(found.cost_now));
    let times = match (found.ms, found.ms_now) {
        (Some(ms), Some(now)) => {
            format!("; measured {} instead of {}", words::duration(ms), words::duration(now))
        }
        _ => String::new(),
    };
    let left = if found.still_scans { " Some tables are scanned all the same." } else { "" };
    format!("Without sequential scans the planner uses {indexes}: {costs}{times}.{left}")
}
