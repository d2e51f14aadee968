//! Whose time it was.
//!
//! PostgreSQL says of each node how long a loop took on average, children included. Own time is that times the loops,
//! less what others took inside of it:
//!
//! - **Parallel.** Below a Gather the loops are those of every process, and the processes ran side by side: the clock saw
//!   the loops' time divided by them. How many they were is how often the Gather's child was begun for each time that the
//!   Gather was; that counts workers that did not start and a leader that did not take part right. An InitPlan is run once,
//!   by one process, wherever it hangs.
//! - **CTE.** It hangs under the node that owns it and runs inside of the CTE Scans that read it, whoever comes first. So its
//!   time is taken off the scans, as far as theirs reaches, and never off the owner. One that changes data and is not read
//!   runs after the plan: nobody is charged.
//! - **InitPlan.** It runs inside of the first node that needs its value, at or below the node that it hangs under: it is
//!   taken off the one of those that name it which has the most time of its own.
//! - **SubPlan.** It runs inside of the node that it hangs under.
//!
//! The rules of loops, workers and CTEs are those that pev2 (<https://github.com/dalibo/pev2>) and flame-explain
//! (<https://github.com/felixge/flame-explain>) have tests for; that InitPlans run late is nodeSubplan.c's
//! (`ExecSetParamPlan` is called when the parameter is first read).

/// What the rules look at of a node.
#[derive(Debug, Clone, Default)]
pub(super) struct Timed {
    pub(super) parent: Option<usize>,
    pub(super) kind: String,
    pub(super) relationship: Option<String>,
    pub(super) subplan: Option<String>,
    /// Which CTE it reads.
    pub(super) cte: Option<String>,
    /// Everything that it computes, as text, to find the parameters in.
    pub(super) expressions: String,
    pub(super) loops: f64,
    /// The mean of a loop.
    pub(super) loop_ms: f64,
}

/// On the clock.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Spent {
    pub(super) processes: f64,
    pub(super) total: f64,
    pub(super) own: f64,
}

/// Who pays for whom: a node, the one inside of which it ran, and the part of it that ran there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Charge {
    pub(super) node: usize,
    pub(super) payer: usize,
    pub(super) part: f64,
}

/// The time of each node. Parents come before children.
pub(super) fn spent(nodes: &[Timed]) -> (Vec<Spent>, Vec<Charge>) {
    let processes = processes(nodes);
    let total = |at: usize| nodes[at].loop_ms * nodes[at].loops / processes[at];
    let mut spent: Vec<Spent> = (0..nodes.len())
        .map(|at| Spent { processes: processes[at], total: total(at), own: total(at) })
        .collect();
    let charges = charges(nodes, &mut spent);
    for each in &mut spent {
        // What is below 0 comes of rounding: a loop's time has three decimals.
        each.own = each.own.max(0.0);
    }
    (spent, charges)
}

fn processes(nodes: &[Timed]) -> Vec<f64> {
    let mut processes: Vec<f64> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let above = node.parent.map_or(1.0, |parent| processes[parent]);
        let gathered = node.parent.filter(|parent| nodes[*parent].kind.starts_with("Gather"));
        let own = match (node.relationship.as_deref(), gathered) {
            (Some("InitPlan"), _) if node.loops < above => 1.0,
            (Some("Outer"), Some(gather)) if nodes[gather].loops > 0.0 => {
                (node.loops / nodes[gather].loops).max(1.0)
            }
            _ => above,
        };
        processes.push(own);
    }
    processes
}

/// Takes every node off its payer: first the plain ones, so that what is left tells who ran the others.
fn charges(nodes: &[Timed], spent: &mut [Spent]) -> Vec<Charge> {
    let late = |at: &usize| nodes[*at].relationship.as_deref() == Some("InitPlan");
    let (later, plain): (Vec<_>, Vec<_>) = (0..nodes.len()).partition(late);
    let mut charges = Vec::new();
    for node in plain {
        if let Some(payer) = nodes[node].parent {
            charges.push(Charge { node, payer, part: 1.0 });
            spent[payer].own -= spent[node].total;
        }
    }
    // From the innermost: what runs inside of another InitPlan is part of its total, not of what is left to others.
    for node in later.into_iter().rev() {
        let payers = match cte_of(&nodes[node]) {
            Some(cte) => scans_of(nodes, spent, node, cte),
            None => reader_of(nodes, spent, node).into_iter().map(|payer| (payer, 1.0)).collect(),
        };
        for (payer, part) in payers {
            charges.push(Charge { node, payer, part });
            spent[payer].own -= spent[node].total * part;
        }
    }
    charges
}

fn cte_of(node: &Timed) -> Option<&str> {
    node.subplan.as_deref()?.strip_prefix("CTE ")
}

/// The scans that read a CTE, each with the part that it paid: by their time, and no more than they have.
fn scans_of(nodes: &[Timed], spent: &[Spent], cte: usize, name: &str) -> Vec<(usize, f64)> {
    let reads = |at: &usize| nodes[*at].cte.as_deref() == Some(name) && sees(nodes, *at, cte, name);
    let scans: Vec<usize> = (0..nodes.len()).filter(reads).collect();
    let together: f64 = scans.iter().map(|scan| spent[*scan].total).sum();
    let whole = spent[cte].total.max(together);
    if whole <= 0.0 {
        return scans.first().map(|scan| (*scan, 1.0)).into_iter().collect();
    }
    scans.into_iter().map(|scan| (scan, spent[scan].total / whole)).collect()
}

/// Whether this CTE is the one that a scan means by the name: the nearest above it is, and a CTE does not see itself.
fn sees(nodes: &[Timed], scan: usize, cte: usize, name: &str) -> bool {
    let owners: Vec<usize> = (0..nodes.len())
        .filter(|at| cte_of(&nodes[*at]) == Some(name) && !is_below(nodes, scan, *at))
        .filter_map(|at| nodes[at].parent)
        .collect();
    let mut above = nodes[scan].parent;
    while let Some(owner) = above.filter(|owner| !owners.contains(owner)) {
        above = nodes[owner].parent;
    }
    // A scan may itself be the node that owns it.
    let owner = if owners.contains(&scan) { Some(scan) } else { above };
    owner.is_some() && owner == nodes[cte].parent && !is_below(nodes, scan, cte)
}

/// The node inside of which an InitPlan ran.
fn reader_of(nodes: &[Timed], spent: &[Spent], init: usize) -> Option<usize> {
    let owner = nodes[init].parent?;
    let names = spellings(nodes[init].subplan.as_deref().unwrap_or_default());
    let names_it = |at: &usize| {
        let text = &nodes[*at].expressions;
        names.iter().any(|name| has_word(text, name)) && !is_below(nodes, *at, init)
    };
    let below = (owner..nodes.len()).filter(|at| *at == owner || is_below(nodes, *at, owner));
    let found = below.filter(names_it).max_by(|one, other| spent[*one].own.total_cmp(&spent[*other].own));
    Some(found.unwrap_or(owner))
}

/// How expressions speak of an InitPlan: by its parameters up to 16, by its own name from 17 on.
fn spellings(subplan: &str) -> Vec<String> {
    let name = subplan.split(" (").next().unwrap_or(subplan).to_owned();
    let returns = subplan.split_once("(returns ").map(|(_, list)| list.trim_end_matches(')'));
    let parameters = returns.into_iter().flat_map(|list| list.split(',')).map(|name| name.trim().to_owned());
    parameters.chain([name]).filter(|name| !name.is_empty()).collect()
}

/// `$1` is not in `$10`.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word)
        .any(|(at, _)| !text[at + word.len()..].starts_with(|next: char| next.is_ascii_digit()))
}

fn is_below(nodes: &[Timed], node: usize, above: usize) -> bool {
    let mut at = Some(node);
    while let Some(now) = at.filter(|now| *now >= above) {
        if now == above {
            return true;
        }
        at = nodes[now].parent;
    }
    false
}

#[cfg(test)]
mod tests;
