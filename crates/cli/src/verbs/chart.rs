//! `evaldesk chart`

use std::path::{Path, PathBuf};

use clap::Subcommand;
use evaldesk_api::charts::Theme;
use evaldesk_api::commands::{ChartArguments, chart_index_sizes, chart_index_sizes_png};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::{ErrorReport, Result};

use super::Context;
use crate::print;

#[derive(Subcommand)]
pub(crate) enum Chart {
    /// Index sizes as bars, largest first
    IndexSizes {
        /// The file to write; its ending says whether as SVG or PNG
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
    let (picture, description) = drawn(context, &out, arguments).await?;
    std::fs::write(&out, picture).map_err(|error| {
        ErrorReport::new(ErrorKind::Storage, format!("{} cannot be written: {error}", out.display()))
    })?;
    if context.common.json {
        return print::json(&serde_json::json!({ "file": out, "description": description }));
    }
    print::note(&format!("{description} Written to {}.", out.display()));
    Ok(())
}

async fn drawn(context: &Context, out: &Path, arguments: ChartArguments) -> Result<(Vec<u8>, String)> {
    let ending = out.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "svg" => {
            let chart = chart_index_sizes(&context.session, arguments).await?;
            Ok((chart.svg.into_bytes(), chart.description))
        }
        "png" => chart_index_sizes_png(&context.session, arguments).await,
        _ => {
            let message = format!("{} is neither an SVG nor a PNG by its ending", out.display());
            Err(ErrorReport::new(ErrorKind::InvalidArguments, message).hint("Let it end in .svg or .png."))
        }
    }
}
