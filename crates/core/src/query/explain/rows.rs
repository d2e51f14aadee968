//! What the planner expected of rows, held against what came.
//!
//! Below a Gather the guess is of one process: the planner divides by the workers, and counts the leader for what three
//! tenths of each worker leave of it (`get_parallel_divisor` in costsize.c). That is undone here, so that a guess is of
//! the whole, as the rows are.

use super::plan::{ExplainNode, ExplainPlan};

/// Nodes whose rows say nothing of the guess: bitmaps count nothing or whole pages, and a change returns nothing.
const WITHOUT_ROWS: [&str; 4] = ["BitmapAnd", "BitmapOr", "Bitmap Index Scan", "ModifyTable"];

/// Fills in the guess of the whole and how far off it was.
pub(super) fn compare(plan: &mut ExplainPlan) {
    let divisors = divisors(plan);
    let stopped = stopped(plan);
    for ((node, divisor), stopped) in plan.nodes.iter_mut().zip(divisors).zip(stopped) {
        let Some(measured) = &mut node.measured else {
            node.guess = node.guess_per_loop;
            continue;
        };
        let rounds = if divisor > 1.0 { measured.loops / measured.processes } else { measured.loops };
        node.guess = node.guess_per_loop * divisor * rounds.max(1.0);
        let comparable = measured.loops > 0.0 && !WITHOUT_ROWS.contains(&node.kind.as_str());
        let off_by = measured.rows.max(1.0) / node.guess.max(1.0);
        // Whoever was stopped early would have given more: fewer rows than guessed mean nothing there.
        measured.off_by = (comparable && !(stopped && off_by < 1.0)).then_some(off_by);
    }
}

/// By what the planner divided the rows of each node: 1 where it did not.
fn divisors(plan: &ExplainPlan) -> Vec<f64> {
    let partial = partial(plan);
    let mut workers: Vec<Option<u32>> = Vec::with_capacity(plan.nodes.len());
    for node in &plan.nodes {
        let above = plan.parent(node);
        let gather = above.filter(|above| above.kind.starts_with("Gather"));
        workers.push(match gather {
            Some(gather) => gather.workers_planned,
            None => above.and_then(|above| workers[above.id as usize]),
        });
    }
    let divisor = |planned: u32| f64::from(planned) + (1.0 - 0.3 * f64::from(planned)).max(0.0);
    workers
        .into_iter()
        .zip(partial)
        .map(|(workers, partial)| match workers {
            Some(planned) if partial && planned > 0 => divisor(planned),
            _ => 1.0,
        })
        .collect()
}

/// Whether a node gives each process its part only: it shares out by itself, or what it reads from does.
fn partial(plan: &ExplainPlan) -> Vec<bool> {
    let mut partial: Vec<bool> =
        plan.nodes.iter().map(|node| node.fact("Parallel Aware") == Some("true")).collect();
    for node in plan.nodes.iter().rev() {
        let feeds = matches!(node.relationship.as_deref(), Some("Outer" | "Subquery" | "Member"));
        if let Some(above) = node.parent.filter(|_| feeds && partial[node.id as usize]) {
            let gathers = plan.nodes[above as usize].kind.starts_with("Gather");
            partial[above as usize] |= !gathers;
        }
    }
    partial
}

/// Whether somebody above may have stopped asking before all rows were there.
fn stopped(plan: &ExplainPlan) -> Vec<bool> {
    let mut stopped: Vec<bool> = Vec::with_capacity(plan.nodes.len());
    for node in &plan.nodes {
        let above = plan.parent(node);
        stopped.push(
            above.is_some_and(|above| stops(above, node) || (stopped[above.id as usize] && passes(above))),
        );
    }
    stopped
}

fn stops(above: &ExplainNode, node: &ExplainNode) -> bool {
    let inner = node.relationship.as_deref() == Some("Inner");
    let first_is_enough = above.name.contains("Semi")
        || above.name.contains("Anti")
        || above.fact("Inner Unique") == Some("true");
    let by_others = matches!(node.relationship.as_deref(), Some("SubPlan" | "InitPlan"));
    match above.kind.as_str() {
        "Limit" => true,
        // Either side may end before the other.
        "Merge Join" => true,
        "Nested Loop" => inner && first_is_enough,
        _ => by_others,
    }
}

/// Whether a node gives rows on while it reads; one that reads all first is stopped only after that.
fn passes(node: &ExplainNode) -> bool {
    !matches!(node.kind.as_str(), "Sort" | "Hash" | "Aggregate" | "SetOp")
        || node.name.contains("GroupAggregate")
}
