//! `evaldesk result`

use clap::Subcommand;
use evaldesk_api::Result;
use evaldesk_api::commands::{ResultArguments, ResultListArguments, result_list, result_show};
use evaldesk_api::core::RowId;
use evaldesk_api::core::eval::ResultQuery;

use super::Context;
use crate::print::{self, Align, Table};

#[derive(Subcommand)]
pub(crate) enum Results {
    /// List the results of a run
    List {
        run: i64,
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Show one result with the JSON of its metric columns
    Show { id: i64 },
}

pub(crate) async fn run(context: &Context, verb: Results) -> Result<()> {
    let connection = context.connection()?;
    match verb {
        Results::List { run, limit } => list(context, connection, run, limit).await,
        Results::Show { id } => {
            let detail = result_show(&context.session, ResultArguments { connection, id: RowId(id) }).await?;
            context.show(&detail, print::result)
        }
    }
}

async fn list(context: &Context, connection: String, run: i64, limit: u32) -> Result<()> {
    let query = ResultQuery {
        run: RowId(run),
        configuration: None,
        statuses: Vec::new(),
        after: None,
        limit: Some(limit),
    };
    let page = result_list(&context.session, ResultListArguments { connection, query }).await?;
    if context.common.json {
        return print::json(&page);
    }
    let mut table = Table::new(&[
        ("Result", Align::Right),
        ("Status", Align::Left),
        ("Score", Align::Right),
        ("Tokens", Align::Right),
        ("Latency", Align::Right),
        ("Output or error", Align::Left),
    ]);
    for row in page.results {
        let number = |value: Option<f64>, digits: usize| {
            value.map_or("-".to_owned(), |value| format!("{value:.digits$}"))
        };
        let latency = row.latency_ms.map_or("not measured".to_owned(), print::duration);
        let text = row.error_line.or(row.output_excerpt).unwrap_or_default();
        table.row([
            row.id.to_string(),
            row.status,
            number(row.score, 3),
            number(row.tokens, 0),
            latency,
            text,
        ]);
    }
    table.print();
    Ok(())
}
