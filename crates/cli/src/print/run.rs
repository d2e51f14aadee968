//! A run with its configurations, and one of its results.

use evaldesk_api::core::eval::{ConfigurationRow, ResultDetail, RunDetail, RunRow};

use super::{Align, Facts, Table, count, duration, line, signed, tame};

/// What became of a run, in words.
pub(crate) fn outcome_word(run: &RunRow) -> String {
    let word = serde_json::to_value(run.outcome).ok();
    word.and_then(|word| word.as_str().map(|word| word.replace('_', " "))).unwrap_or_default()
}

/// One run.
pub(crate) fn run(detail: &RunDetail) {
    let run = &detail.row;
    let mut facts = Facts::default();
    facts
        .fact("run", run.id.to_string())
        .fact("name", run.name.clone())
        .fact("outcome", format!("{}: {}", outcome_word(run), detail.outcome_reason))
        .fact("status", run.status.clone())
        .fact("description", detail.description.clone())
        .fact("initiated by", run.initiated_by.clone())
        .fact("tags", run.tags.join(", "))
        .fact("created", run.created_at.clone())
        .fact("took", run.duration_ms.map(|ms| duration(ms as f64)))
        .fact("baseline", baseline(detail))
        .fact("results", count(run.measures.results.unsigned_abs()));
    facts.print();
    configurations(&detail.configurations);
}

fn baseline(detail: &RunDetail) -> String {
    let span = &detail.baseline;
    if !span.found {
        return format!("{} (there is no such span)", span.span_id);
    }
    let parts = [Some(&span.span_id), span.agent.as_ref(), span.model.as_ref()];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn configurations(rows: &[ConfigurationRow]) {
    let mut table = Table::new(&[
        ("Configuration", Align::Left),
        ("Type", Align::Left),
        ("Sets", Align::Left),
        ("Results", Align::Right),
        ("Score", Align::Right),
        ("Against baseline", Align::Right),
    ]);
    for row in rows {
        let sets: Vec<_> =
            row.changes.iter().map(|change| format!("{}={}", change.key, change.after)).collect();
        table.row([
            row.name.clone(),
            row.configuration_type.clone(),
            sets.join(" "),
            count(row.measures.results.unsigned_abs()),
            row.measures.score_mean.map_or_else(dash, |mean| format!("{mean:.3}")),
            row.measures.score_delta.map_or_else(dash, |delta| signed(delta, 3)),
        ]);
    }
    line("");
    table.print();
}

/// One result, with the JSON of every metric column that holds something.
pub(crate) fn result(detail: &ResultDetail) {
    let row = &detail.row;
    let mut facts = Facts::default();
    facts
        .fact("result", row.id.to_string())
        .fact("run", row.run_id.to_string())
        .fact("configuration", detail.configuration_name.clone())
        .fact("status", row.status.clone())
        .fact("span", row.result_span_id.clone())
        .fact("score", row.score.map(|score| format!("{score:.3}")))
        .fact("latency", row.latency_ms.map(duration))
        .fact("created", row.created_at.clone())
        .fact("error", detail.error_message.clone());
    facts.print();
    for metric in detail.metrics.iter().filter(|metric| !metric.empty) {
        line(&format!("\n{}\n{}", metric.column, tame(metric.json.as_deref().unwrap_or_default())));
    }
}

/// Nothing to compare is not zero.
pub(crate) fn dash() -> String {
    "\u{2013}".to_owned()
}
