//! Spans: the tree of a trace, and one with its conversation.

use evaldesk_api::core::eval::{SpanDetail, SpanNode, SpanTree};

use super::{Align, Facts, Table, duration, line, note, tame};

/// The tree, children indented below their parents.
pub(crate) fn span_tree(tree: &SpanTree) {
    let mut table = Table::new(&[
        ("Span", Align::Left),
        ("Type", Align::Left),
        ("Agent", Align::Left),
        ("Model", Align::Left),
        ("Tokens", Align::Right),
        ("Latency", Align::Right),
        ("Note", Align::Left),
    ]);
    for node in &tree.nodes {
        let indent = "  ".repeat(usize::try_from(node.depth).unwrap_or(0));
        table.row([
            format!("{indent}{}", node.span_id),
            node.span_type.clone(),
            node.agent.clone().unwrap_or_default(),
            node.model.clone().unwrap_or_default(),
            figure(node.tokens),
            node.latency_ms.map_or_else(|| "-".to_owned(), duration),
            remark(node),
        ]);
    }
    table.print();
    if tree.cut {
        note("The trace holds more spans than these.");
    }
}

fn remark(node: &SpanNode) -> String {
    let remarks = [
        (node.failed, "failed"),
        (node.parent_missing, "its parent is not in this trace"),
        (node.in_cycle, "its parents lead back to it"),
    ];
    remarks.iter().filter(|(holds, _)| *holds).map(|(_, words)| *words).collect::<Vec<_>>().join(", ")
}

/// One span: what is known of it, then the conversation.
pub(crate) fn span(span: &SpanDetail) {
    let mut facts = Facts::default();
    facts
        .fact("span", span.span_id.clone())
        .fact("trace", span.trace_id.clone())
        .fact("parent", span.parent_span_id.clone())
        .fact("type", span.span_type.clone())
        .fact("source", span.source.clone())
        .fact("run", span.evaluation_run_id.map(|id| id.to_string()))
        .fact("created", span.created_at.clone())
        .fact("agent", span.agent.clone())
        .fact("model", span.model.clone())
        .fact("provider", span.provider.clone())
        .fact("tokens", span.tokens_total.map(|tokens| format!("{tokens:.0}")))
        .fact("latency", span.latency_ms.map(duration))
        .fact("error", span.error.clone())
        .fact("unreadable", span.unreadable.clone())
        .fact("instructions", span.instructions.clone());
    facts.print();
    for message in &span.messages {
        let cut = if message.content_cut { " (cut)" } else { "" };
        line(&format!("\n{}:{cut}\n{}", tame(&message.role), tame(&message.content)));
    }
}

fn figure(number: Option<f64>) -> String {
    number.map_or_else(|| "-".to_owned(), |number| format!("{number:.0}"))
}
