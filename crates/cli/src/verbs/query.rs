//! `evaldesk query`

mod explain;
mod outcome;
mod rows;

use std::io::Read as _;
use std::path::PathBuf;

use clap::Args;
use evaldesk_api::commands::{
    QueryRunArguments, QueryTabArguments, query_cancel, query_close, query_read, query_run, query_terminate,
    query_watch,
};
use evaldesk_api::core::query::{
    QueryConsent, QueryGuardPlan, QueryParameter, QueryPhase, QueryRange, QueryRunReply, QueryState,
};
use evaldesk_api::core::{Error, ErrorKind};
use evaldesk_api::{ErrorReport, Result};
use futures_util::StreamExt as _;

use super::Context;
use crate::follow::Signals;
use crate::seconds::milliseconds;
use crate::{confirm, print};

#[derive(Args)]
pub(crate) struct Query {
    /// The statements; `-` reads them from standard input
    #[arg(required_unless_present = "file")]
    sql: Option<String>,
    /// Read the statements from a file
    #[arg(long, value_name = "FILE", conflicts_with = "sql")]
    file: Option<PathBuf>,
    /// A value for `$1` or `:name`: --param 1=7 --param since=2026-01-01; without a value NULL
    #[arg(long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// What the rows are written as: a table of the first thousand, or all of them in a format. Without it, what the
    /// ending of --out says
    #[arg(long, value_enum, conflicts_with = "explain")]
    format: Option<rows::Format>,
    /// Write the rows of one statement into a file: whole or not at all, with a manifest beside it
    #[arg(long, value_name = "FILE", conflicts_with = "explain")]
    out: Option<PathBuf>,
    /// Replace the file of --out where it is there
    #[arg(long, requires = "out")]
    overwrite: bool,
    /// The table that inserts go into; without it, the one that all columns come from
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// How long each statement may run, in seconds; 0 for no limit. Without it as long as the connection says, and rows
    /// that go straight into a file or to standard output have no limit
    #[arg(long, value_name = "SECONDS", value_parser = milliseconds)]
    timeout: Option<u32>,
    /// Refuse everything but reads, whatever the connection allows
    #[arg(long)]
    read_only: bool,
    /// The plan of the first statement instead of its rows: what is slow in it and what would help
    #[arg(long)]
    explain: bool,
    /// Run it and measure; a write in a transaction that is rolled back
    #[arg(long, requires = "explain")]
    analyze: bool,
    /// What the planner would do without sequential scans; with --analyze, measured
    #[arg(long, requires = "explain")]
    without_seq_scan: bool,
}

pub(crate) async fn run(context: &Context, verb: Query) -> Result<()> {
    if verb.explain {
        return explain::run(context, &verb).await;
    }
    if let Some(format) = rows::format(context, &verb)? {
        return rows::run(context, &verb, format).await;
    }
    let asked = asked(context, &verb)?;
    in_a_tab(context, asked, verb.read_only, async |state| print::query(context, state).await).await
}

/// All statements, without an answer to what the guard may ask.
fn asked(context: &Context, verb: &Query) -> Result<QueryRunArguments> {
    Ok(QueryRunArguments {
        tab: "cli".to_owned(),
        connection: connection(context, verb)?,
        text: text(verb)?,
        range: QueryRange::All,
        parameters: verb.parameters.iter().map(|given| parameter(given)).collect(),
        consent: None,
        sort: Vec::new(),
        filters: Vec::new(),
    })
}

/// The connection that was named, with the limit of time that was given for this run.
fn connection(context: &Context, verb: &Query) -> Result<String> {
    let named = context.connection()?;
    let Some(statement_ms) = verb.timeout else { return Ok(named) };
    let mut profile = context.session.profile(&named)?;
    profile.timeouts.statement_ms = statement_ms;
    Ok(context.session.pass(profile, None))
}

/// Runs statements in a tab, prints what came of them while the tab still has it, and closes it.
async fn in_a_tab(
    context: &Context,
    asked: QueryRunArguments,
    read_only: bool,
    print: impl AsyncFnOnce(&QueryState) -> Result<()>,
) -> Result<()> {
    let tab = QueryTabArguments { tab: asked.tab.clone() };
    let text = asked.text.clone();
    let ran = match start(context, asked, read_only).await {
        Ok(()) => show(context, &tab, &text, print).await,
        Err(error) => Err(error),
    };
    query_close(&context.session, tab).await?;
    ran
}

fn text(verb: &Query) -> Result<String> {
    let read = match (&verb.file, verb.sql.as_deref()) {
        (Some(path), _) => std::fs::read_to_string(path)
            .map_err(|error| (format!("{} cannot be read", path.display()), error)),
        (None, Some("-")) => {
            let mut text = String::new();
            let read = std::io::stdin().lock().read_to_string(&mut text);
            read.map(|_| text).map_err(|error| ("standard input cannot be read".to_owned(), error))
        }
        (None, sql) => return Ok(sql.unwrap_or_default().to_owned()),
    };
    read.map_err(|(what, error)| ErrorReport::from(Error::from(error).while_doing(&what)))
}

fn parameter(given: &str) -> QueryParameter {
    match given.split_once('=') {
        Some((name, value)) => QueryParameter { name: name.to_owned(), value: Some(value.to_owned()) },
        None => QueryParameter { name: given.to_owned(), value: None },
    }
}

/// Starts the run; what the guard asks is answered by the flags, or on the terminal.
async fn start(context: &Context, mut arguments: QueryRunArguments, read_only: bool) -> Result<()> {
    match ask(context, arguments.clone(), read_only).await? {
        QueryRunReply::Started { .. } => Ok(()),
        QueryRunReply::Parameters { names } => Err(missing(&names, &arguments.parameters)),
        QueryRunReply::Asks { plan } => {
            arguments.consent = Some(agree(context, &plan)?);
            match ask(context, arguments, read_only).await? {
                QueryRunReply::Started { .. } => Ok(()),
                _ => {
                    Err(ErrorReport::new(ErrorKind::StalePlan, "what would be changed has changed meanwhile")
                        .hint("Run it again."))
                }
            }
        }
    }
}

async fn ask(context: &Context, arguments: QueryRunArguments, read_only: bool) -> Result<QueryRunReply> {
    match read_only {
        true => query_read(&context.session, arguments).await,
        false => query_run(&context.session, arguments).await,
    }
}

fn missing(names: &[String], given: &[QueryParameter]) -> ErrorReport {
    let missing = names.iter().filter(|name| !given.iter().any(|given| given.name == **name));
    let missing: Vec<String> = missing.cloned().collect();
    ErrorReport::new(
        ErrorKind::InvalidArguments,
        format!("parameters without a value: {}", missing.join(", ")),
    )
    .hint("Give each one: --param NAME=VALUE; --param NAME alone is NULL.")
}

fn agree(context: &Context, plan: &QueryGuardPlan) -> Result<QueryConsent> {
    for asked in &plan.statements {
        let target = asked.target.as_deref().map(|target| format!(" {target}")).unwrap_or_default();
        let about = if asked.estimated { "about " } else { "" };
        let rows = asked.rows.map(|rows| format!(", {about}{}", print::rows(rows.unsigned_abs())));
        let bytes = asked.bytes.map(|bytes| format!(", {}", print::bytes(bytes)));
        let size = format!("{}{}", rows.unwrap_or_default(), bytes.unwrap_or_default());
        print::note(&print::tame(&format!("{}{target}{size}: {}", asked.verb, asked.why)));
    }
    let Some(name) = &plan.name else {
        confirm::ask(&context.common, "Run it?")?;
        return Ok(QueryConsent { hash: plan.hash.clone(), name: None });
    };
    match &context.common.confirm {
        Some(typed) if typed == name => {
            Ok(QueryConsent { hash: plan.hash.clone(), name: Some(typed.clone()) })
        }
        _ => Err(ErrorReport::new(ErrorKind::Refused, "this changes production, and nothing was sent")
            .hint(format!("Confirm it by the database's name: --confirm {name}"))),
    }
}

/// Waits for the end and prints what came of it. Ctrl-C cancels on the server, a second one ends the session there.
async fn show(
    context: &Context,
    tab: &QueryTabArguments,
    text: &str,
    print: impl AsyncFnOnce(&QueryState) -> Result<()>,
) -> Result<()> {
    let mut signals = Signals::listen()?;
    let mut states = query_watch(&context.session, tab.clone()).await?;
    let mut asked = false;
    let state = loop {
        tokio::select! {
            state = states.next() => match state {
                Some(state) if is_over(&state) => break state,
                Some(_) => {}
                None => return Err(ErrorReport::new(ErrorKind::Internal, "the run ended without a word")),
            },
            () = signals.next() => {
                stop(context, tab, asked).await;
                asked = true;
            }
        }
    };
    // A reader that closes the pipe ends the program while it prints.
    context.session.queries_written().await;
    print::notices(&state);
    print(&state).await?;
    outcome::outcome(&state, text)
}

fn is_over(state: &QueryState) -> bool {
    state.run > 0 && matches!(state.phase, QueryPhase::Idle | QueryPhase::Lost)
}

/// What cannot be asked of the server is said; the run goes on until it ends.
async fn stop(context: &Context, tab: &QueryTabArguments, again: bool) {
    let asked = match again {
        false => query_cancel(&context.session, tab.clone()).await,
        true => query_terminate(&context.session, tab.clone()).await,
    };
    if let Err(error) = asked {
        print::note(&format!("The cancel did not reach the server: {}", print::tame(&error.message)));
    }
}
