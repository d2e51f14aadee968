//! What a run brought: tables on stdout, the server's messages on stderr.

use evaldesk_api::Result;
use evaldesk_api::commands::{QueryRowsArguments, query_rows};
use evaldesk_api::core::query::{ColumnKind, QueryResult, QueryRows, QueryState};
use serde::Serialize;

use super::{Align, Table, count, json, note, tame};
use crate::verbs::Context;

/// Rows of a result that a terminal shows.
const SHOWN: u32 = 1_000;

/// The document of `--json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(flatten)]
    state: &'a QueryState,
    /// The rows of each result.
    rows: Vec<Vec<QueryRows>>,
}

/// Prints the results of a run, what was changed, and what the server said.
pub(crate) async fn query(context: &Context, state: &QueryState) -> Result<()> {
    for notice in &state.notices {
        note(&tame(&format!("{}: {}", notice.level, notice.message)));
    }
    if context.common.json {
        let mut rows = Vec::new();
        for result in &state.results {
            rows.push(all(context, result).await?);
        }
        return json(&Document { state, rows });
    }
    for statement in &state.statements {
        let result = state.results.iter().find(|result| Some(&result.id) == statement.result.as_ref());
        match (result, &statement.tag) {
            (Some(result), _) => table(context, result).await?,
            (None, Some(tag)) => note(tag),
            (None, None) => {}
        }
    }
    Ok(())
}

async fn all(context: &Context, result: &QueryResult) -> Result<Vec<QueryRows>> {
    let mut windows = Vec::new();
    let mut first = 0;
    while first < result.rows {
        let window = window(context, result, first).await?;
        first += window.rows.len() as u64;
        windows.push(window);
    }
    Ok(windows)
}

async fn window(context: &Context, result: &QueryResult, first: u64) -> Result<QueryRows> {
    let arguments = QueryRowsArguments { result: result.id.clone(), view: None, first, count: SHOWN };
    query_rows(&context.session, arguments).await
}

async fn table(context: &Context, result: &QueryResult) -> Result<()> {
    let align = |kind| if kind == ColumnKind::Number { Align::Right } else { Align::Left };
    let mut table = Table::of(result.columns.iter().map(|column| (column.name.clone(), align(column.kind))));
    let shown = window(context, result, 0).await?.rows;
    let rows = shown.len() as u64;
    for row in shown {
        table.row(row.into_iter().map(|cell| match cell {
            None => "NULL".to_owned(),
            Some(cell) if cell.cut => format!("{}…", cell.text),
            Some(cell) => cell.text,
        }));
    }
    table.print();
    match result.rows - rows.min(result.rows) {
        0 => note(&format!("{} rows", count(result.rows))),
        more => note(&format!("{} more rows of {}: --json has all of them", count(more), count(result.rows))),
    }
    Ok(())
}
