//! Reading a trace and putting its spans in tree order.

use std::collections::{HashMap, HashSet};

use sqlx::FromRow;

use super::{SpanNode, SpanTree};
use crate::catalog::explain_missing;
use crate::connection::Database;
use crate::{Error, ErrorKind, Result, RowId};

/// Spans of a trace that are listed.
const LISTED: usize = 5_000;

#[derive(Debug, Clone, FromRow)]
struct Row {
    #[sqlx(try_from = "i64")]
    id: RowId,
    span_id: String,
    parent_span_id: Option<String>,
    span_type: String,
    agent: Option<String>,
    model: Option<String>,
    tokens: Option<f64>,
    latency_ms: Option<f64>,
    failed: bool,
    created_at: String,
}

pub(super) async fn span_tree(database: &Database, trace_id: &str) -> Result<SpanTree> {
    let mut rows: Vec<Row> = sqlx::query_as(include_str!("tree.sql"))
        .bind(trace_id)
        .bind(i64::try_from(LISTED + 1).unwrap_or(i64::MAX))
        .fetch_all(database.pool())
        .await
        .map_err(|error| explain_missing(error, &format!("cannot read the trace {trace_id}")))?;
    if rows.is_empty() {
        return Err(Error::new(ErrorKind::NotFound, format!("there is no span of the trace {trace_id}"))
            .hint(
                "The trace of a span is named with it (on the command line `evaldesk span show SPAN_ID`).",
            ));
    }
    let cut = rows.len() > LISTED;
    rows.truncate(LISTED);
    Ok(SpanTree { trace_id: trace_id.to_owned(), nodes: arrange(rows), cut })
}

/// Depth first with a stack of our own: a trace may be thousands of levels deep.
fn arrange(rows: Vec<Row>) -> Vec<SpanNode> {
    let known: HashSet<&str> = rows.iter().map(|row| row.span_id.as_str()).collect();
    let mut children: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut stack = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        match row.parent_span_id.as_deref().filter(|parent| known.contains(parent)) {
            Some(parent) => children.entry(parent).or_default().push(at),
            None => stack.push((at, 0)),
        }
    }
    stack.reverse();
    let mut placed = vec![false; rows.len()];
    let mut nodes = walk(&rows, &children, &known, stack, &mut placed, false);
    // What no root reaches stands in a cycle: each is entered where it began.
    for at in 0..rows.len() {
        if !placed[at] {
            nodes.extend(walk(&rows, &children, &known, vec![(at, 0)], &mut placed, true));
        }
    }
    nodes
}

fn walk(
    rows: &[Row],
    children: &HashMap<&str, Vec<usize>>,
    known: &HashSet<&str>,
    mut stack: Vec<(usize, i64)>,
    placed: &mut [bool],
    in_cycle: bool,
) -> Vec<SpanNode> {
    let mut nodes = Vec::new();
    while let Some((at, depth)) = stack.pop() {
        if std::mem::replace(&mut placed[at], true) {
            continue;
        }
        let row = &rows[at];
        let missing = row.parent_span_id.as_deref().is_some_and(|parent| !known.contains(parent));
        nodes.push(row.node(depth, missing, in_cycle));
        let below = children.get(row.span_id.as_str()).map_or(&[][..], Vec::as_slice);
        stack.extend(below.iter().rev().map(|&child| (child, depth + 1)));
    }
    nodes
}

impl Row {
    fn node(&self, depth: i64, parent_missing: bool, in_cycle: bool) -> SpanNode {
        let row = self.clone();
        SpanNode {
            id: row.id,
            span_id: row.span_id,
            parent_span_id: row.parent_span_id,
            depth,
            parent_missing,
            in_cycle,
            span_type: row.span_type,
            agent: row.agent,
            model: row.model,
            tokens: row.tokens,
            latency_ms: row.latency_ms,
            failed: row.failed,
            created_at: row.created_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(span: &str, parent: Option<&str>) -> Row {
        Row {
            id: RowId(1),
            span_id: span.into(),
            parent_span_id: parent.map(str::to_owned),
            span_type: "agent".into(),
            agent: None,
            model: None,
            tokens: None,
            latency_ms: None,
            failed: false,
            created_at: String::new(),
        }
    }

    fn check(rows: &[(&str, Option<&str>)], expected: &str) {
        let nodes = arrange(rows.iter().map(|(span, parent)| row(span, *parent)).collect());
        let told: Vec<_> = nodes
            .iter()
            .map(|node| {
                let mark = if node.in_cycle {
                    "~"
                } else if node.parent_missing {
                    "?"
                } else {
                    ""
                };
                format!("{}{mark}{}", node.span_id, node.depth)
            })
            .collect();
        assert_eq!(told.join(" "), expected);
    }

    #[test]
    fn children_stand_below_their_parent_in_order() {
        check(&[("a", None), ("b", Some("a")), ("d", Some("b")), ("c", Some("a"))], "a0 b1 d2 c1");
    }

    #[test]
    fn a_missing_parent_makes_a_marked_root() {
        check(&[("a", Some("gone")), ("b", Some("a"))], "a?0 b1");
    }

    #[test]
    fn a_cycle_ends_and_is_marked() {
        check(&[("a", Some("b")), ("b", Some("a")), ("c", Some("c"))], "a~0 b~1 c~0");
    }

    #[test]
    fn a_chain_of_five_thousand_does_not_overflow() {
        let names: Vec<String> = (0..5_000).map(|n| n.to_string()).collect();
        let rows = (0..5_000).map(|n| row(&names[n], n.checked_sub(1).map(|p| names[p].as_str()))).collect();
        assert_eq!(arrange(rows).last().unwrap().depth, 4_999);
    }
}
