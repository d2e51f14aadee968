//! `evaldesk run`

use clap::Subcommand;
use evaldesk_api::Result;
use evaldesk_api::commands::{RunArguments, RunListArguments, run_list, run_show};
use evaldesk_api::core::RowId;
use evaldesk_api::core::eval::{RunPage, RunQuery};

use super::Context;
use crate::print::{self, Align, Table};

#[derive(Subcommand)]
pub(crate) enum Run {
    /// List runs, newest first
    List {
        /// Part of the name, or an id
        #[arg(long)]
        search: Option<String>,
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// `older` of the page before
        #[arg(long)]
        cursor: Option<String>,
    },
    /// Show one run with its configurations
    Show { id: i64 },
}

pub(crate) async fn run(context: &Context, verb: Run) -> Result<()> {
    let connection = context.connection()?;
    match verb {
        Run::List { search, limit, cursor } => {
            let query = RunQuery { search, cursor, limit: Some(limit), ..RunQuery::default() };
            let page = run_list(&context.session, RunListArguments { connection, query }).await?;
            if context.common.json { print::json(&page) } else { table(&page) }
        }
        Run::Show { id } => {
            let arguments = RunArguments { connection, id: RowId(id), stuck_minutes: None };
            let detail = run_show(&context.session, arguments).await?;
            context.show(&detail, print::run)
        }
    }
}

fn table(page: &RunPage) -> Result<()> {
    let mut table = Table::new(&[
        ("Run", Align::Right),
        ("Name", Align::Left),
        ("Outcome", Align::Left),
        ("Results", Align::Right),
        ("Score", Align::Right),
        ("Against baseline", Align::Right),
        ("Created", Align::Left),
    ]);
    for run in &page.runs {
        let measures = &run.measures;
        let results = print::count(measures.results.unsigned_abs());
        let score = measures.score_mean.map_or_else(print::dash, |mean| format!("{mean:.3}"));
        let delta = measures.score_delta.map_or_else(print::dash, |delta| print::signed(delta, 3));
        table.row([
            run.id.to_string(),
            run.name.clone(),
            print::outcome_word(run),
            results,
            score,
            delta,
            run.created_at.clone(),
        ]);
    }
    table.print();
    if let Some(older) = &page.older {
        print::note(&format!("older runs: --cursor {older}"));
    }
    Ok(())
}
