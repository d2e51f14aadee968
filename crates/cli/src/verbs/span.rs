//! `evaldesk span`

use clap::Subcommand;
use evaldesk_api::Result;
use evaldesk_api::commands::{SpanArguments, SpanTreeArguments, span_show, span_tree};

use super::Context;
use crate::print;

#[derive(Subcommand)]
pub(crate) enum Span {
    /// Show the tree of a trace, as JSON
    Tree { trace_id: String },
    /// Show one span with its conversation, as JSON
    Show { span_id: String },
}

pub(crate) async fn run(context: &Context, verb: Span) -> Result<()> {
    let connection = context.connection()?;
    match verb {
        Span::Tree { trace_id } => {
            print::json(&span_tree(&context.session, SpanTreeArguments { connection, trace_id }).await?)
        }
        Span::Show { span_id } => {
            print::json(&span_show(&context.session, SpanArguments { connection, span_id }).await?)
        }
    }
}
