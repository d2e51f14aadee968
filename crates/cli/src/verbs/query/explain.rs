//! `evaldesk query --explain`

use evaldesk_api::commands::{QueryExplainArguments, query_analyze, query_explain};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::query::explain::{ExplainReply, ExplainReport};
use evaldesk_api::{ErrorReport, Result};

use super::{Context, Query};
use crate::print;

pub(super) async fn run(context: &Context, query: &Query) -> Result<()> {
    let parameters = query.parameters.iter().map(|given| super::parameter(given)).collect();
    let asked = QueryExplainArguments {
        connection: context.connection()?,
        text: super::text(query)?,
        offset: 0,
        analyze: query.analyze,
        buffers: true,
        without_seq_scan: query.without_seq_scan,
        parameters,
        consent: None,
    };
    let report = match query_explain(&context.session, asked.clone()).await? {
        ExplainReply::Writes { why } if query.read_only => return Err(refused(&why)),
        ExplainReply::Writes { .. } => write(context, asked).await?,
        other => explained(other)?,
    };
    context.show(&report, print::explained)
}

/// Runs a write and rolls it back, as far as the connection asks nothing first.
async fn write(context: &Context, asked: QueryExplainArguments) -> Result<ExplainReport> {
    match query_analyze(&context.session, asked.clone()).await? {
        ExplainReply::Asks { plan } => {
            let consent = Some(super::agree(context, &plan)?);
            explained(query_analyze(&context.session, QueryExplainArguments { consent, ..asked }).await?)
        }
        other => explained(other),
    }
}

fn explained(reply: ExplainReply) -> Result<ExplainReport> {
    match reply {
        ExplainReply::Explained { report } => Ok(*report),
        ExplainReply::Writes { why } => Err(refused(&why)),
        ExplainReply::Asks { .. } => Err(ErrorReport::new(
            ErrorKind::StalePlan,
            "what the statement does has changed since it was agreed to",
        )
        .hint("Explain it again.")),
    }
}

fn refused(why: &str) -> ErrorReport {
    ErrorReport::new(ErrorKind::Refused, format!("ANALYZE would run it: {why}"))
        .hint("Explain it without --analyze: that shows the plan and changes nothing.")
}
