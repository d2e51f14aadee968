//! What a run brought: tables on stdout, the server's messages on stderr.

use std::borrow::Cow;

use evaldesk_api::commands::{QueryCellArguments, QueryRowsArguments, query_cell, query_rows};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::catalog::Cell;
use evaldesk_api::core::query::{ColumnKind, QueryResult, QueryRows, QueryState};
use evaldesk_api::{ErrorReport, Result};

use super::{Align, Table, count, line, note, tame};
use crate::verbs::Context;

/// Rows of a result that a terminal shows.
const SHOWN: u32 = 1_000;

/// Bytes of a large cell that are fetched at once.
const PART: u64 = 4 * 1024 * 1024;

/// What the server said beside the rows.
pub(crate) fn notices(state: &QueryState) {
    for notice in &state.notices {
        note(&tame(&format!("{}: {}", notice.level, notice.message)));
    }
}

/// Prints the results of a run, and what was changed.
pub(crate) async fn query(context: &Context, state: &QueryState) -> Result<()> {
    if context.common.json {
        return document(context, state).await;
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

/// The document of `--json`: the state, and in `rows`, for each result, a list of rows, each a list of whole cells as
/// text or null. It is written row by row, so that its size is no matter.
async fn document(context: &Context, state: &QueryState) -> Result<()> {
    let state_alone = serde_json::to_string_pretty(state);
    let open = text(&state_alone)?.trim_end_matches('}').trim_end();
    line(&format!("{open},"));
    line("  \"rows\": [");
    for (n, result) in state.results.iter().enumerate() {
        line("    [");
        rows(context, result).await?;
        line(if n + 1 < state.results.len() { "    ]," } else { "    ]" });
    }
    line("  ]\n}");
    Ok(())
}

async fn rows(context: &Context, result: &QueryResult) -> Result<()> {
    let mut first = 0;
    while first < result.rows {
        let window = window(context, result, first).await?.rows;
        for (row, cells) in (first..).zip(&window) {
            let whole = whole(context, result, row, cells).await?;
            let comma = if row + 1 < result.rows { "," } else { "" };
            let written = serde_json::to_string(&whole);
            line(&format!("      {}{comma}", text(&written)?));
        }
        first += window.len() as u64;
    }
    Ok(())
}

/// A row with its large cells fetched.
async fn whole<'a>(
    context: &Context,
    result: &QueryResult,
    row: u64,
    cells: &'a [Option<Cell>],
) -> Result<Vec<Option<Cow<'a, str>>>> {
    let mut whole = Vec::with_capacity(cells.len());
    for (column, cell) in (0..).zip(cells) {
        whole.push(match cell {
            None => None,
            Some(cell) if cell.cut => Some(Cow::Owned(large(context, result, row, column).await?)),
            Some(cell) => Some(Cow::Borrowed(cell.text.as_str())),
        });
    }
    Ok(whole)
}

async fn large(context: &Context, result: &QueryResult, row: u64, column: u32) -> Result<String> {
    let (mut whole, mut next) = (String::new(), Some(0));
    while let Some(offset) = next {
        let (result, view) = (result.id.clone(), None);
        let asked = QueryCellArguments { result, view, row, column, offset, limit: PART };
        let part = query_cell(&context.session, asked).await?;
        whole.push_str(part.text.as_deref().unwrap_or_default());
        next = part.next;
    }
    Ok(whole)
}

fn text(written: &serde_json::Result<String>) -> Result<&str> {
    written
        .as_deref()
        .map_err(|error| ErrorReport::new(ErrorKind::Internal, format!("the reply is no JSON: {error}")))
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
        0 => note(&super::rows(result.rows)),
        more => note(&format!(
            "{} more {} of {}: --format and --json have all of them",
            count(more),
            if more == 1 { "row" } else { "rows" },
            count(result.rows)
        )),
    }
    Ok(())
}
