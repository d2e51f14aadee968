//! `evaldesk span`

use clap::Subcommand;
use evaldesk_api::Result;
use evaldesk_api::commands::{SpanArguments, SpanTreeArguments, span_show, span_tree};

use super::Context;
use crate::print;

#[derive(Subcommand)]
pub(crate) enum Span {
    /// Show the tree of a trace
    Tree { trace_id: String },
    /// Show one span with its conversation
    Show { span_id: String },
}

pub(crate) async fn run(context: &Context, verb: Span) -> Result<()> {
    let connection = context.connection()?;
    match verb {
        Span::Tree { trace_id } => {
            let tree = span_tree(&context.session, SpanTreeArguments { connection, trace_id }).await?;
            context.show(&tree, print::span_tree)
        }
        Span::Show { span_id } => {
            let detail = span_show(&context.session, SpanArguments { connection, span_id }).await?;
            context.show(&detail, print::span)
        }
    }
}
