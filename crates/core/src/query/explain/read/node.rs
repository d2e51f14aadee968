//! One node from its members.

use serde_json::Value;

use super::members::{Members, shown};
use crate::query::explain::cut::CutNode;
use crate::query::explain::name::name;
use crate::query::explain::plan::{
    ExplainBuffers, ExplainCondition, ExplainFact, ExplainHash, ExplainHeap, ExplainMeasured, ExplainMemoize,
    ExplainNode, ExplainSort,
};
use crate::query::explain::words;

/// What a node computes, in the order in which a person asks for it.
const CONDITIONS: [&str; 22] = [
    "Index Cond",
    "Recheck Cond",
    "Hash Cond",
    "Merge Cond",
    "TID Cond",
    "Join Filter",
    "Filter",
    "One-Time Filter",
    "Order By",
    "Run Condition",
    "Sort Key",
    "Presorted Key",
    "Group Key",
    "Hash Key",
    "Cache Key",
    "Cache Mode",
    "Conflict Filter",
    "Conflict Resolution",
    "Conflict Arbiter Indexes",
    "Function Call",
    "Window",
    "Remote SQL",
];

/// What has a field of its own, and is no fact beside it.
const KNOWN: [&str; 24] = [
    "Node Type",
    "Parent Relationship",
    "Subplan Name",
    "Schema",
    "Relation Name",
    "Alias",
    "Index Name",
    "CTE Name",
    "Function Name",
    "Startup Cost",
    "Total Cost",
    "Plan Rows",
    "Plan Width",
    "Actual Startup Time",
    "Actual Total Time",
    "Actual Rows",
    "Actual Loops",
    "Workers Planned",
    "Workers Launched",
    "Plans",
    "Join Type",
    "Strategy",
    "Partial Mode",
    "Async Capable",
];

pub(super) fn read(at: usize, node: &CutNode, level: u32, block_size: u64) -> ExplainNode {
    let members = Members(&node.members);
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let cost = members.number("Total Cost").unwrap_or_default();
    ExplainNode {
        id: small(at),
        parent: node.parent.map(small),
        level,
        name: name(members.0),
        kind: members.text("Node Type").unwrap_or_else(|| "Unknown".to_owned()),
        relationship: members.text("Parent Relationship"),
        subplan: members.text("Subplan Name"),
        schema: members.text("Schema"),
        relation: members.text("Relation Name"),
        alias: members.text("Alias"),
        index: members.text("Index Name"),
        source: ["CTE Name", "Function Name", "Tuplestore Name", "Table Function Name"]
            .iter()
            .find_map(|member| members.text(member)),
        startup_cost: members.number("Startup Cost").unwrap_or_default(),
        cost,
        own_cost: cost,
        width: members.whole("Plan Width").unwrap_or_default(),
        guess_per_loop: members.number("Plan Rows").unwrap_or_default(),
        measured: measured(&members),
        buffers: buffers(&members, block_size),
        conditions: conditions(&members),
        workers_planned: members.small("Workers Planned"),
        workers_launched: members.small("Workers Launched"),
        sort: sort(&members),
        hash: hash(&members).or_else(|| hash_of_workers(&members)),
        memoize: memoize(&members),
        heap: heap(&members),
        facts: facts(&members),
        ..ExplainNode::default()
    }
}

fn measured(members: &Members<'_>) -> Option<ExplainMeasured> {
    let loops = members.number("Actual Loops")?;
    let rows_per_loop = members.number("Actual Rows").unwrap_or_default();
    let removed: Vec<f64> = ["Rows Removed by Filter", "Rows Removed by Join Filter"]
        .iter()
        .filter_map(|member| members.number(member))
        .collect();
    Some(ExplainMeasured {
        loops,
        rows_per_loop,
        rows: rows_per_loop * loops,
        total_ms: members.number("Actual Total Time"),
        removed: (!removed.is_empty()).then(|| removed.iter().sum::<f64>() * loops),
        ..ExplainMeasured::default()
    })
}

/// With its children's, as the server counts; local blocks are temporary tables' and count alike.
pub(super) fn buffers(members: &Members<'_>, block_size: u64) -> Option<ExplainBuffers> {
    if !members.has("Shared Hit Blocks") {
        return None;
    }
    let blocks = |kind: &str, what: &str| {
        members.whole(&format!("{kind} {what} Blocks")).unwrap_or_default() * block_size
    };
    let both = |what: &str| blocks("Shared", what) + blocks("Local", what);
    Some(ExplainBuffers {
        hit: both("Hit"),
        read: both("Read"),
        dirtied: both("Dirtied"),
        written: both("Written"),
        temp_read: blocks("Temp", "Read"),
        temp_written: blocks("Temp", "Written"),
    })
}

fn conditions(members: &Members<'_>) -> Vec<ExplainCondition> {
    let found = |label: &&str| {
        let text = shown(members.0.get(*label)?);
        Some(ExplainCondition { label: (*label).to_owned(), text })
    };
    CONDITIONS.iter().filter_map(found).collect()
}

/// The leader's and every worker's; each has a `work_mem` of its own.
fn sort(members: &Members<'_>) -> Option<ExplainSort> {
    if let Some(sort) = groups(members) {
        return Some(sort);
    }
    let workers = members.0.get("Workers").and_then(Value::as_array).into_iter().flatten();
    let workers = workers.filter_map(Value::as_object).map(Members);
    let sorts: Vec<_> = std::iter::once(*members).chain(workers).filter_map(|one| one_sort(&one)).collect();
    let on_disk = sorts.iter().any(|(_, _, on_disk)| *on_disk);
    let method = sorts.iter().find(|(_, _, disk)| *disk == on_disk)?.0.clone();
    let bytes = sorts.iter().map(|(_, bytes, _)| bytes).sum();
    let most_bytes = sorts.iter().map(|(_, bytes, _)| *bytes).max()?;
    Some(ExplainSort { method, bytes, most_bytes, on_disk })
}

fn one_sort(members: &Members<'_>) -> Option<(String, u64, bool)> {
    let on_disk = members.text("Sort Space Type").as_deref() == Some("Disk");
    Some((members.text("Sort Method")?, members.whole("Sort Space Used")? * 1024, on_disk))
}

/// An incremental sort tells of its groups instead.
fn groups(members: &Members<'_>) -> Option<ExplainSort> {
    let groups: Vec<_> = ["Full-sort Groups", "Pre-sorted Groups"]
        .iter()
        .filter_map(|member| members.0.get(*member)?.as_object())
        .collect();
    let first = groups.first()?;
    let space = |kind: &str| {
        groups
            .iter()
            .filter_map(|group| Members(group.get(kind)?.as_object()?).whole("Peak Sort Space Used"))
            .max()
            .map(|kilobytes| kilobytes * 1024)
    };
    let disk = space("Sort Space Disk").filter(|bytes| *bytes > 0);
    let bytes = disk.or_else(|| space("Sort Space Memory"))?;
    let method = first.get("Sort Methods Used").map(shown).unwrap_or_default();
    Some(ExplainSort { method, bytes, most_bytes: bytes, on_disk: disk.is_some() })
}

fn hash(members: &Members<'_>) -> Option<ExplainHash> {
    let batches = members.whole("Hash Batches").or_else(|| members.whole("HashAgg Batches"))?;
    Some(ExplainHash {
        batches,
        buckets: members.whole("Hash Buckets").unwrap_or_default(),
        planned_batches: members
            .whole("Original Hash Batches")
            .or_else(|| members.whole("Planned Partitions"))
            .unwrap_or(1),
        bytes: members.whole("Peak Memory Usage").unwrap_or_default() * 1024,
        disk_bytes: members.whole("Disk Usage").unwrap_or_default() * 1024,
    })
}

/// Where the leader had none: the largest of a worker's.
fn hash_of_workers(members: &Members<'_>) -> Option<ExplainHash> {
    let workers = members.0.get("Workers")?.as_array()?.iter().filter_map(Value::as_object);
    workers.filter_map(|worker| hash(&Members(worker))).max_by_key(|hash| (hash.batches, hash.bytes))
}

fn memoize(members: &Members<'_>) -> Option<ExplainMemoize> {
    let count = |member| members.whole(member).unwrap_or_default();
    Some(ExplainMemoize {
        hits: members.whole("Cache Hits")?,
        misses: count("Cache Misses"),
        evictions: count("Cache Evictions"),
        overflows: count("Cache Overflows"),
        bytes: count("Peak Memory Usage") * 1024,
    })
}

fn heap(members: &Members<'_>) -> Option<ExplainHeap> {
    let known = ["Heap Fetches", "Exact Heap Blocks", "Lossy Heap Blocks", "Rows Removed by Index Recheck"];
    if !known.iter().any(|member| members.has(member)) {
        return None;
    }
    let count = |member| members.whole(member).unwrap_or_default();
    Some(ExplainHeap {
        fetches: count("Heap Fetches"),
        exact_blocks: count("Exact Heap Blocks"),
        lossy_blocks: count("Lossy Heap Blocks"),
        removed_by_recheck: count("Rows Removed by Index Recheck"),
    })
}

fn facts(members: &Members<'_>) -> Vec<ExplainFact> {
    let said = members.0.iter().filter(|(label, value)| {
        let block = label.ends_with(" Blocks") && value.as_u64() == Some(0);
        !KNOWN.contains(&label.as_str()) && !CONDITIONS.contains(&label.as_str()) && !block
    });
    said.map(|(label, value)| ExplainFact { label: label.clone(), value: shown(value) }).collect()
}

/// The second line of a node.
pub(super) fn detail(node: &ExplainNode) -> String {
    let parts = [subject(node), words::key(node), workers(node), oddity(node)];
    let mut said: Vec<String> = parts.into_iter().flatten().collect();
    if let Some(subplan) = &node.subplan {
        said.insert(0, subplan.clone());
    }
    said.join(", ")
}

/// What it reads: the index, else the table and its alias.
fn subject(node: &ExplainNode) -> Option<String> {
    let named = node.index.clone().or_else(|| node.relation.clone()).or_else(|| node.source.clone())?;
    match &node.alias {
        Some(alias) if node.index.is_none() && *alias != named => Some(format!("{named} {alias}")),
        _ => Some(named),
    }
}

fn workers(node: &ExplainNode) -> Option<String> {
    let planned = node.workers_planned?;
    Some(match node.workers_launched {
        Some(launched) if launched < planned => format!("{launched} of {planned} workers"),
        _ => words::plural(f64::from(planned), "worker"),
    })
}

fn oddity(node: &ExplainNode) -> Option<String> {
    if !node.ran() {
        return Some("never run".to_owned());
    }
    if let Some(sort) = node.sort.as_ref().filter(|sort| sort.on_disk) {
        return Some(format!("spilled {}", words::bytes(sort.bytes)));
    }
    if let Some(hash) = &node.hash {
        return Some(format!(
            "{}, {}",
            words::bytes(hash.bytes),
            if hash.batches == 1 { "1 batch".to_owned() } else { format!("{} batches", hash.batches) }
        ));
    }
    let cache = node.memoize.as_ref()?;
    let asked = cache.hits + cache.misses;
    (asked > 0).then(|| format!("{} % hits", cache.hits * 100 / asked))
}
