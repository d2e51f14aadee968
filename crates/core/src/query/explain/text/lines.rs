//! What belongs to a node, a line each.

use serde_json::Value;

use crate::query::explain::cut::Object;

/// Members that the first line has, or that only the JSON tells.
const NOT_HERE: [&str; 25] = [
    "Node Type",
    "Parent Relationship",
    "Subplan Name",
    "Parallel Aware",
    "Async Capable",
    "Join Type",
    "Strategy",
    "Partial Mode",
    "Operation",
    "Command",
    "Schema",
    "Relation Name",
    "Alias",
    "Index Name",
    "Scan Direction",
    "Startup Cost",
    "Total Cost",
    "Plan Rows",
    "Plan Width",
    "Actual Startup Time",
    "Actual Total Time",
    "Actual Rows",
    "Actual Loops",
    "Plans",
    "CTE Name",
];

pub(super) fn of(members: &Object) -> Vec<String> {
    members.iter().filter_map(|(label, value)| line(members, label, value)).collect()
}

/// One line; several members make one where its first stands.
fn line(members: &Object, label: &str, value: &Value) -> Option<String> {
    match label {
        _ if NOT_HERE.contains(&label) => None,
        "Function Name" | "Custom Plan Provider" | "Tuplestore Name" | "Table Function Name" => None,
        "Sort Method" => sort(members),
        "Hash Buckets" => hash(members),
        "HashAgg Batches" => aggregate(members),
        "Cache Hits" => memoize(members),
        "Shared Hit Blocks" => buffers(members),
        "WAL Records" => wal(members),
        "Exact Heap Blocks" => heap(members),
        "Workers" => None,
        _ if is_part(label) => None,
        _ if value == &Value::Bool(false) => None,
        _ if label.contains("Removed") && value.as_f64() == Some(0.0) => None,
        _ => Some(format!("{label}: {}", plain(value))),
    }
}

/// Members that stand in the line of another.
fn is_part(label: &str) -> bool {
    let parts = [
        "Sort Space Used",
        "Sort Space Type",
        "Original Hash Buckets",
        "Hash Batches",
        "Original Hash Batches",
        "Peak Memory Usage",
        "Planned Partitions",
        "Disk Usage",
        "Cache Misses",
        "Cache Evictions",
        "Cache Overflows",
        "WAL FPI",
        "WAL Bytes",
        "WAL Buffers Full",
    ];
    parts.contains(&label)
        || label.ends_with(" Blocks")
        || label.ends_with("Read Time")
        || label.ends_with("Write Time")
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() == 0.0) => {
            format!("{:.0}", number.as_f64().unwrap_or_default())
        }
        Value::Object(members) => members
            .iter()
            .map(|(label, value)| format!("{label}: {}", plain(value)))
            .collect::<Vec<_>>()
            .join("  "),
        other => other.to_string(),
    }
}

fn whole(members: &Object, member: &str) -> u64 {
    members.get(member).and_then(Value::as_u64).unwrap_or_default()
}

fn sort(members: &Object) -> Option<String> {
    let method = members.get("Sort Method")?.as_str()?;
    let place = members.get("Sort Space Type")?.as_str()?;
    Some(format!("Sort Method: {method}  {place}: {}kB", whole(members, "Sort Space Used")))
}

fn hash(members: &Object) -> Option<String> {
    let with_original = |label: &str| {
        let (now, planned) = (whole(members, label), whole(members, &format!("Original {label}")));
        if planned == 0 || now == planned { now.to_string() } else { format!("{now} (originally {planned})") }
    };
    let (buckets, batches) = (with_original("Hash Buckets"), with_original("Hash Batches"));
    let memory = whole(members, "Peak Memory Usage");
    Some(format!("Buckets: {buckets}  Batches: {batches}  Memory Usage: {memory}kB"))
}

fn aggregate(members: &Object) -> Option<String> {
    let batches = whole(members, "HashAgg Batches");
    let planned = whole(members, "Planned Partitions");
    let planned = if planned > 0 { format!("Planned Partitions: {planned}  ") } else { String::new() };
    let disk = whole(members, "Disk Usage");
    let disk = if disk > 0 { format!("  Disk Usage: {disk}kB") } else { String::new() };
    let memory = whole(members, "Peak Memory Usage");
    (batches > 0).then(|| format!("{planned}Batches: {batches}  Memory Usage: {memory}kB{disk}"))
}

fn memoize(members: &Object) -> Option<String> {
    let count = |what: &str| whole(members, &format!("Cache {what}"));
    Some(format!(
        "Hits: {}  Misses: {}  Evictions: {}  Overflows: {}  Memory Usage: {}kB",
        count("Hits"),
        count("Misses"),
        count("Evictions"),
        count("Overflows"),
        whole(members, "Peak Memory Usage")
    ))
}

/// "Buffers: shared hit=3 read=1, temp read=2"; nothing where nothing was touched.
pub(super) fn buffers(members: &Object) -> Option<String> {
    let kinds = ["Shared", "Local", "Temp"].iter().filter_map(|kind| {
        let counts = ["Hit", "Read", "Dirtied", "Written"].iter().filter_map(|what| {
            let blocks = whole(members, &format!("{kind} {what} Blocks"));
            (blocks > 0).then(|| format!("{}={blocks}", what.to_lowercase()))
        });
        let counts: Vec<String> = counts.collect();
        (!counts.is_empty()).then(|| format!("{} {}", kind.to_lowercase(), counts.join(" ")))
    });
    let kinds: Vec<String> = kinds.collect();
    (!kinds.is_empty()).then(|| format!("Buffers: {}", kinds.join(", ")))
}

fn wal(members: &Object) -> Option<String> {
    let counts: Vec<String> = [("WAL Records", "records"), ("WAL FPI", "fpi"), ("WAL Bytes", "bytes")]
        .iter()
        .filter(|(member, _)| whole(members, member) > 0)
        .map(|(member, word)| format!("{word}={}", whole(members, member)))
        .collect();
    (!counts.is_empty()).then(|| format!("WAL: {}", counts.join(" ")))
}

fn heap(members: &Object) -> Option<String> {
    let counts: Vec<String> = [("Exact Heap Blocks", "exact"), ("Lossy Heap Blocks", "lossy")]
        .iter()
        .filter(|(member, _)| whole(members, member) > 0)
        .map(|(member, word)| format!("{word}={}", whole(members, member)))
        .collect();
    (!counts.is_empty()).then(|| format!("Heap Blocks: {}", counts.join(" ")))
}
