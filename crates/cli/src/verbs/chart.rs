//! `evaldesk chart`

use std::path::PathBuf;

use clap::Subcommand;
use evaldesk_api::charts::Theme;
use evaldesk_api::commands::{ChartArguments, chart_index_sizes};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::{ErrorReport, Result};

use super::Context;
use crate::print;

#[derive(Subcommand)]
pub(crate) enum Chart {
    /// Index sizes as bars, largest first
    IndexSizes {
        /// The SVG file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// On dark paper
        #[arg(long)]
        dark: bool,
    },
}

pub(crate) async fn run(context: &Context, verb: Chart) -> Result<()> {
    let Chart::IndexSizes { out, dark } = verb;
    let theme = if dark { Theme::Dark } else { Theme::Light };
    let arguments = ChartArguments { connection: context.connection()?, theme, width: None, height: None };
    let chart = chart_index_sizes(&context.session, arguments).await?;
    std::fs::write(&out, &chart.svg).map_err(|error| {
        ErrorReport::new(ErrorKind::Storage, format!("{} cannot be written: {error}", out.display()))
    })?;
    if context.common.json {
        return print::json(&serde_json::json!({ "file": out, "description": chart.description }));
    }
    print::note(&format!("{} Written to {}.", chart.description, out.display()));
    Ok(())
}
