//! `evaldesk query --explain`

use evaldesk_api::commands::{
    QueryExplainArguments, QueryExplainStopArguments, query_analyze, query_explain, query_explain_stop,
};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::query::explain::{ExplainReply, ExplainReport, ExplainStopped};
use evaldesk_api::{ErrorReport, Result};

use super::{Context, Query};
use crate::follow::Signals;
use crate::print;

/// What the command line waits for, as a tab is called.
const TAB: &str = "cli";

pub(super) async fn run(context: &Context, query: &Query) -> Result<()> {
    let parameters = query.parameters.iter().map(|given| super::parameter(given)).collect();
    let asked = QueryExplainArguments {
        tab: Some(TAB.to_owned()),
        connection: super::connection(context, query)?,
        text: super::text(query)?,
        offset: 0,
        analyze: query.analyze,
        buffers: true,
        without_seq_scan: query.without_seq_scan,
        parameters,
        consent: None,
    };
    let report = match led(context, Box::pin(query_explain(&context.session, asked.clone()))).await? {
        ExplainReply::Writes { why } if query.read_only => return Err(refused(&why)),
        ExplainReply::Writes { .. } => write(context, asked).await?,
        other => explained(other)?,
    };
    context.show(&report, print::explained)
}

/// Runs a write and rolls it back, as far as the connection asks nothing first.
async fn write(context: &Context, asked: QueryExplainArguments) -> Result<ExplainReport> {
    match led(context, Box::pin(query_analyze(&context.session, asked.clone()))).await? {
        ExplainReply::Asks { plan } => {
            let consent = Some(super::agree(context, &plan)?);
            let agreed = QueryExplainArguments { consent, ..asked };
            explained(led(context, Box::pin(query_analyze(&context.session, agreed))).await?)
        }
        other => explained(other),
    }
}

/// Waits for it. Ctrl-C cancels on the server, a second one ends the session there.
async fn led(
    context: &Context,
    explaining: impl Future<Output = Result<ExplainReply>>,
) -> Result<ExplainReply> {
    let mut signals = Signals::listen()?;
    let mut explaining = std::pin::pin!(explaining);
    let mut terminate = false;
    loop {
        tokio::select! {
            reply = &mut explaining => return reply,
            () = signals.next() => {}
        }
        let stop = QueryExplainStopArguments { tab: TAB.to_owned(), terminate };
        let stopping = query_explain_stop(&context.session, stop);
        tokio::select! {
            reply = &mut explaining => return reply,
            stopped = stopping => told(stopped),
        }
        terminate = true;
    }
}

fn told(stopped: Result<ExplainStopped>) {
    match stopped {
        Ok(stopped) if stopped.over => {}
        Ok(_) => print::note("It still runs on the server; Ctrl-C again ends its session there."),
        Err(error) => {
            print::note(&format!("The cancel did not reach the server: {}", print::tame(&error.message)));
        }
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
