//! One statement of a script: sent, and its end told.

use std::sync::Arc;

use super::guard::{self, GuardAnswer, GuardRequest, GuardStatement};
use super::live::Live;
use super::message::Message;
use super::offset::units_before;
use super::parameter;
use super::pooled::{self, Entered};
use super::run::Work;
use super::session::QuerySession;
use super::state::StatementOutcome;
use super::stream::Running;
use super::tag;
use super::transport::Transport;
use crate::connection::Database;
use crate::error::ErrorReport;
use crate::{Error, ErrorKind};

/// How a statement ended.
pub(super) struct Ran {
    pub(super) verb: String,
    pub(super) done: bool,
    /// The session is gone.
    pub(super) lost: bool,
    /// It may be run again: it only reads, and nothing of it was shown.
    pub(super) again: bool,
}

impl Ran {
    /// There is no session.
    pub(super) fn lost() -> Self {
        Self { verb: String::new(), done: false, lost: true, again: false }
    }
}

/// Runs a statement of the script. Where it `may_retry`, in no transaction, a read that was lost is not told as failed.
pub(super) async fn run(
    session: &Arc<QuerySession>,
    live: &mut Live,
    work: &Work,
    index: usize,
    may_retry: bool,
) -> Ran {
    let sql = &work.script.statements[index].text;
    let verb = tag::verb(sql);
    let message = Message::of(sql, &work.parameters, &work.arranged, live.next_name().as_deref());
    let mut running = Running::begin(session, work, index);
    let (entered, ended) = match live.enter(session, &verb, work.read_only).await {
        Err(error) => (Entered::Bare, Err(error)),
        Ok(entered) => (entered, send(&mut running, live, work, &message, (sql, &verb), may_retry).await),
    };
    let lost = ended.as_ref().is_err_and(is_lost);
    let reads = lost && only_reads(&work.database, sql, &verb).await;
    if reads && may_retry && running.is_untouched() {
        return Ran { verb, done: false, lost, again: true };
    }
    let ended = match ended {
        Ok(()) => running.complete(live, &message, &verb).await,
        failed => failed,
    };
    let ended = if lost { ended } else { live.leave(session, work, entered, &verb, ended).await };
    if ended.is_ok() {
        running.say_what_is_edited().await;
    }
    let lost = lost || ended.as_ref().is_err_and(is_lost);
    let ended = ended.map_err(|error| if lost { lost_words(error, reads) } else { error });
    let ended = ended.map_err(|error| report(work, index, &running, error));
    let done = ended.is_ok();
    running.over(ended, &verb).await;
    Ran { verb, done, lost, again: false }
}

async fn send(
    running: &mut Running<'_>,
    live: &mut Live,
    work: &Work,
    message: &Message<'_>,
    (sql, verb): (&str, &str),
    alone: bool,
) -> crate::Result<()> {
    let whole = || message.whole.clone();
    match Transport::of(sql) {
        Transport::Query => running.query(live, work, message, alone).await,
        Transport::Rows if message.is_written && tag::can_be_described(verb) => {
            running.written(live, work, message).await
        }
        Transport::Rows => running.rows(live, work, whole()).await,
        Transport::Lines => running.copy_out(live, work, whole()).await,
    }
}

/// What a failure was, with its place in the whole text.
fn report(work: &Work, index: usize, running: &Running<'_>, error: Error) -> (StatementOutcome, ErrorReport) {
    let source = &work.script.statements[index];
    let position = error.server().and_then(|server| server.position);
    let byte = position.and_then(|position| running.source_byte(position));
    let (outcome, error) = match (error.kind(), work.cancelled.is_cancelled()) {
        (ErrorKind::Cancelled, true) => (StatementOutcome::Cancelled, error),
        (ErrorKind::Cancelled, false) => (StatementOutcome::Failed, timed_out(error, work)),
        _ if pooled::needs_no_transaction(&error) => {
            (StatementOutcome::Failed, pooled::advised(error, &work.database))
        }
        _ => (StatementOutcome::Failed, error),
    };
    let mut report = ErrorReport::from(error);
    report.position = byte.map(|byte| units_before(&work.script.text, source.start + byte));
    (outcome, report)
}

/// A cancel that nobody here asked for.
fn timed_out(error: Error, work: &Work) -> Error {
    let hint = match work.database.profile().timeouts.statement_ms {
        0 => "Somebody else cancelled it, or a timeout of the server's own did.".to_owned(),
        limit => format!(
            "The connection's statement timeout is {} s: raise it in the connection, or set statement_timeout here (on the \
             command line --timeout SECONDS).",
            f64::from(limit) / 1000.0
        ),
    };
    error.hint(hint)
}

/// Whether the session is gone with the statement.
pub(super) fn is_lost(error: &Error) -> bool {
    match error.server() {
        Some(server) => {
            server.sqlstate.starts_with("08")
                || matches!(
                    server.sqlstate.as_str(),
                    "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25P04"
                )
        }
        None => matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::Timeout | ErrorKind::Tls),
    }
}

/// Whether a statement is proven to change nothing. What cannot be proven now may be a write.
async fn only_reads(database: &Database, sql: &str, verb: &str) -> bool {
    if !matches!(verb, "SELECT" | "SHOW" | "EXPLAIN") {
        return false;
    }
    let sql = parameter::as_sent(sql);
    let statements = [GuardStatement { sql: &sql, line: 1 }];
    let request = GuardRequest { statements: &statements, read_only: true, ..GuardRequest::default() };
    matches!(guard::check(database, &request).await, Ok(GuardAnswer::Allowed))
}

/// A session that broke under a statement: of a write nobody knows whether it was done.
fn lost_words(error: Error, reads: bool) -> Error {
    let message = format!("the session was lost while the statement ran: {}", error.message());
    let hint = if reads {
        "Run it again: it only reads."
    } else {
        "It may have been done or not. Look before you run it again: nothing is repeated by itself."
    };
    error.reworded(message).hint(hint)
}
