//! `evaldesk demo`

use clap::Subcommand;
use evaldesk_api::Result;
use evaldesk_api::commands::{DemoArguments, demo_load};

use super::Context;
use crate::{follow, print};

#[derive(Subcommand)]
pub(crate) enum Demo {
    /// Write a believable evaluation history
    Load {
        #[arg(long, default_value_t = 300)]
        runs: u32,
        #[arg(long, default_value_t = 6000)]
        results: u32,
        /// The same seed tells the same history
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Add to a database that already holds runs
        #[arg(long)]
        append: bool,
    },
}

pub(crate) async fn run(context: &Context, verb: Demo) -> Result<()> {
    let Demo::Load { runs, results, seed, append } = verb;
    let arguments = DemoArguments {
        connection: context.connection()?,
        runs: Some(runs),
        results: Some(results),
        seed: Some(seed),
        append,
        confirm: context.common.confirm.clone(),
    };
    let started = demo_load(&context.session, arguments).await?;
    let outcome = follow::follow(&context.session, &started.job).await?;
    if context.common.json {
        return print::json(&outcome);
    }
    let figure =
        |name: &str| print::count(outcome.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0));
    print::note(&format!(
        "Loaded {} runs, {} configurations, {} results and {} spans.",
        figure("runs"),
        figure("configurations"),
        figure("results"),
        figure("spans")
    ));
    Ok(())
}
