//! A plan as psql prints it, then what takes the time, what is wrong and what would help.

use evaldesk_api::core::query::explain::{
    ExplainCheck, ExplainGain, ExplainIndex, ExplainIndexCheck, ExplainLevel, ExplainMeasuredGain,
    ExplainNode, ExplainRan, ExplainReport, ExplainRewrite, ExplainWarning,
};

use super::{bytes, count, duration, line, note, tame};

/// The whole report; how it was run goes to standard error.
pub(crate) fn explained(report: &ExplainReport) {
    line(&tame(&report.text));
    costliest(report);
    for warning in &report.warnings {
        self::warning(report, warning);
    }
    if let Some(rewrite) = &report.rewrite {
        self::rewrite(rewrite);
    }
    report.indexes.iter().for_each(index);
    if let Some(other) = &report.without_seq_scan {
        line(&tame(&format!("\nnote: {}", other.words)));
    }
    how(report);
}

fn costliest(report: &ExplainReport) {
    let mut nodes: Vec<&ExplainNode> = report.plan.nodes.iter().filter(|node| node.share() >= 0.1).collect();
    nodes.sort_by(|one, other| other.share().total_cmp(&one.share()));
    if nodes.is_empty() {
        return;
    }
    line(if report.plan.execution_ms.is_some() { "\nOwn time:" } else { "\nOwn cost:" });
    for node in nodes.iter().take(3) {
        let measured = node.measured.as_ref().and_then(|measured| measured.own_ms);
        let took = measured.map_or_else(|| format!("{:.1}", node.own_cost), milliseconds);
        line(&tame(&format!("  {:>3.0} %  {took:>10}  {} {}", node.share() * 100.0, node.name, node.detail)));
    }
}

fn milliseconds(ms: f64) -> String {
    if ms < 1.0 { "under 1 ms".to_owned() } else { duration(ms) }
}

fn warning(report: &ExplainReport, warning: &ExplainWarning) {
    let level = match warning.level {
        ExplainLevel::Failed => "slow",
        ExplainLevel::Attention => "attention",
        ExplainLevel::Note => "note",
    };
    let node = warning.node.and_then(|id| report.plan.nodes.get(id as usize));
    let place = node.map(|node| format!(", {}", node.name)).unwrap_or_default();
    line(&tame(&format!("\n{level}: {} {} [{}{place}]", warning.title, warning.text, warning.rule)));
    for sql in warning.sql.iter().flat_map(|sql| sql.lines()) {
        line(&tame(&format!("  {sql}")));
    }
}

fn rewrite(rewrite: &ExplainRewrite) {
    line(&tame(&format!("\nrewrite:\n  - {}\n  + {}", rewrite.before, rewrite.after)));
    let said = match &rewrite.check {
        ExplainCheck::Same { rows } => format!("same {}, checked", super::rows(*rows)),
        ExplainCheck::Different { rows, rewritten } => {
            format!("not the same: {} instead of {}", super::rows(*rewritten), count(*rows))
        }
        ExplainCheck::NotChecked { why } => format!("not checked: {why}"),
    };
    line(&tame(&format!("  {said}")));
    rewrite.gain.iter().for_each(gained);
    line(&tame(&format!("  {}", rewrite.sql.replace('\n', "\n  "))));
}

/// The figures before and after; without them the planner's costs, said to be that.
fn gained(gain: &ExplainGain) {
    let figures = match &gain.measured {
        Some(measured) => measured_gain(measured),
        None => format!("cost {:.0} → {:.0}, estimated", gain.cost_before, gain.cost),
    };
    line(&format!("  after the rewrite: {figures}"));
    if !gain.words.is_empty() {
        line(&tame(&format!("  {}", gain.words)));
    }
}

fn measured_gain(gain: &ExplainMeasuredGain) -> String {
    let over = if gain.before_stopped { "over " } else { "" };
    let time = format!("{over}{} → {}", milliseconds(gain.ms_before), milliseconds(gain.ms));
    let size = |touched: u64| i64::try_from(touched).map_or_else(|_| "?".to_owned(), bytes);
    match (gain.touched_before, gain.touched) {
        (Some(before), Some(after)) => format!("{time}, {} → {} touched", size(before), size(after)),
        (None, Some(after)) => format!("{time}, {} touched", size(after)),
        _ => time,
    }
}

fn index(index: &ExplainIndex) {
    let beside = if index.rewritten { ", beside the rewrite" } else { "" };
    line(&tame(&format!("\nindex: {}{beside}\n  {}", index.why, index.sql)));
    let size =
        index.bytes.and_then(|size| i64::try_from(size).ok()).map(|size| format!("about {}, ", bytes(size)));
    let check = match &index.check {
        ExplainIndexCheck::Taken { cost_before, cost } => {
            format!("with HypoPG the planner takes it: cost {cost_before:.0} to {cost:.0}")
        }
        ExplainIndexCheck::NotChecked { why } => format!("not checked: {why}"),
    };
    line(&tame(&format!("  {}{check}", size.unwrap_or_default())));
}

fn how(report: &ExplainReport) {
    let ran = match report.ran {
        ExplainRan::Planned => "Planned, not run.",
        ExplainRan::ReadOnly => "Ran in a transaction that may only read.",
        ExplainRan::RolledBack => "Ran, and rolled back.",
    };
    note(ran);
    report.stopped.iter().chain(&report.notes).for_each(|said| note(&tame(said)));
}
