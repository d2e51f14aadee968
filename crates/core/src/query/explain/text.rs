//! The plan as text, as psql would print it.
//!
//! Made from the JSON, since asking for the text too would run the statement a second time. Order and words are
//! those of `ExplainNode` in explain.c; what the text form leaves out when it is nothing (rows removed, empty buffers) is
//! left out here too.

mod head;
mod lines;

use serde_json::Value;

use super::cut::{CutNode, Object, cut};
use crate::Result;

/// The text of a plan. `major` decides how rows are written.
pub(super) fn text(json: &str, major: i32) -> Result<String> {
    let cut = cut(json)?;
    let mut lines = Vec::new();
    let mut indents: Vec<usize> = Vec::with_capacity(cut.nodes.len());
    for node in &cut.nodes {
        let indent = begin(node, &indents, &mut lines, major);
        let indented = |line: String| format!("{}{line}", " ".repeat(indent));
        lines.extend(lines::of(&node.members).into_iter().map(indented));
        indents.push(indent);
    }
    for document in &cut.around {
        lines.extend(foot(document));
    }
    Ok(lines.join("\n"))
}

/// Writes a node's first line, and says how far what belongs to it is indented.
fn begin(node: &CutNode, indents: &[usize], lines: &mut Vec<String>, major: i32) -> usize {
    let head = head::of(&node.members, major);
    let Some(parent) = node.parent else {
        lines.push(head);
        return 2;
    };
    let mut indent = indents[parent];
    if let Some(subplan) = node.members.get("Subplan Name").and_then(Value::as_str) {
        lines.push(format!("{}{subplan}", " ".repeat(indent)));
        indent += 2;
    }
    lines.push(format!("{}->  {head}", " ".repeat(indent)));
    indent + 6
}

fn foot(document: &Object) -> Vec<String> {
    let mut lines = Vec::new();
    let settings = document.get("Settings").and_then(Value::as_object);
    if let Some(settings) = settings.filter(|settings| !settings.is_empty()) {
        let set =
            |(name, value): (&String, &Value)| format!("{name} = '{}'", value.as_str().unwrap_or_default());
        lines.push(format!("Settings: {}", settings.iter().map(set).collect::<Vec<_>>().join(", ")));
    }
    if let Some(identifier) = document.get("Query Identifier") {
        lines.push(format!("Query Identifier: {identifier}"));
    }
    if let Some(buffers) = document.get("Planning").and_then(Value::as_object).and_then(lines::buffers) {
        lines.push("Planning:".to_owned());
        lines.push(format!("  {buffers}"));
    }
    lines.extend(time(document, "Planning Time"));
    lines
        .extend(document.get("Triggers").and_then(Value::as_array).into_iter().flatten().filter_map(trigger));
    lines.extend(time(document, "Execution Time"));
    lines
}

fn time(document: &Object, label: &str) -> Option<String> {
    Some(format!("{label}: {:.3} ms", document.get(label)?.as_f64()?))
}

fn trigger(trigger: &Value) -> Option<String> {
    let text = |member: &str| trigger.get(member).and_then(Value::as_str);
    let name = match (text("Constraint Name"), text("Trigger Name")?) {
        (Some(constraint), _) => format!("for constraint {constraint}"),
        (None, name) => name.to_owned(),
    };
    let on = text("Relation").map(|relation| format!(" on {relation}")).unwrap_or_default();
    let time = trigger.get("Time").and_then(Value::as_f64);
    let time = time.map(|ms| format!("time={ms:.3} ")).unwrap_or_default();
    Some(format!("Trigger {name}{on}: {time}calls={}", trigger.get("Calls")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_reads_as_in_psql() {
        let json = r#"[{"Plan": {"Node Type": "Sort", "Startup Cost": 1.0, "Total Cost": 2.5, "Plan Rows": 10,
          "Plan Width": 4, "Actual Startup Time": 0.1, "Actual Total Time": 0.25, "Actual Rows": 7, "Actual Loops": 1,
          "Sort Key": ["t.a", "t.b DESC"], "Sort Method": "quicksort", "Sort Space Used": 25, "Sort Space Type": "Memory",
          "Plans": [{"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Parallel Aware": false,
            "Relation Name": "we\"ird", "Schema": "public", "Alias": "t", "Startup Cost": 0.0, "Total Cost": 1.0,
            "Plan Rows": 10, "Plan Width": 4, "Actual Loops": 0, "Filter": "(t.a = $0)", "Rows Removed by Filter": 0,
            "Shared Hit Blocks": 3, "Shared Read Blocks": 0, "Plans": [{"Node Type": "Result",
              "Parent Relationship": "InitPlan", "Subplan Name": "InitPlan 1 (returns $0)", "Startup Cost": 0.0,
              "Total Cost": 0.01, "Plan Rows": 1, "Plan Width": 4}]}]},
          "Planning Time": 0.5, "Triggers": [], "Execution Time": 1.25}]"#;
        assert_eq!(
            text(json, 15).unwrap(),
            r#"Sort  (cost=1.00..2.50 rows=10 width=4) (actual time=0.100..0.250 rows=7 loops=1)
  Sort Key: t.a, t.b DESC
  Sort Method: quicksort  Memory: 25kB
  ->  Seq Scan on public."we""ird" t  (cost=0.00..1.00 rows=10 width=4) (never executed)
        Filter: (t.a = $0)
        Buffers: shared hit=3
        InitPlan 1 (returns $0)
          ->  Result  (cost=0.00..0.01 rows=1 width=4)
Planning Time: 0.500 ms
Execution Time: 1.250 ms"#
        );
        assert!(text(json, 18).unwrap().contains("rows=7.00 loops=1"));
    }
}
