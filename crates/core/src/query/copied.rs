//! A query that is sent inside of a COPY: described first, for COPY tells no columns, and then its lines, one a row.

use std::sync::{Arc, Mutex, PoisonError};

use sqlx::postgres::PgConnection;
use sqlx_core::bytes::Bytes;
use tracing::instrument::WithSubscriber as _;

use super::column::Described;
use super::describe;
use super::live::Live;
use super::message::Message;
use super::run::Work;
use super::statement::is_lost;
use super::store::RowBytes;
use super::stream::{Running, given_up};
use super::{copy_text, notice};
use crate::{Error, ErrorKind, Result};

/// `feature_not_supported`, `syntax_error`: what COPY itself says of a query that it does not take.
const NOT_COPIED: [&str; 2] = ["0A000", "42601"];

impl Running<'_> {
    /// The rows of a query. Where it stands `alone`, in no transaction that would have failed with it, and COPY does not
    /// take it, it goes as it stands.
    pub(super) async fn query(
        &mut self,
        live: &mut Live,
        work: &Work,
        message: &Message,
        alone: bool,
    ) -> Result<()> {
        let ended = match self.described(live, work, message).await {
            Ok(Some(columns)) => self.copied(live, work, message, columns, alone).await,
            Ok(None) => self.rows(live, work, message).await,
            Err(error) => Err(error),
        };
        if !ended.as_ref().is_err_and(is_lost) {
            describe::forget(&mut live.connection).await;
        }
        ended
    }

    async fn copied(
        &mut self,
        live: &mut Live,
        work: &Work,
        message: &Message,
        columns: Vec<Described>,
        alone: bool,
    ) -> Result<()> {
        let sent = message.whole.copied(live.as_bytes);
        let begun = self
            .copy(live, work, sent, |running, line| running.line(&CopiedRow(line), || columns.clone()))
            .await;
        match begun {
            Ok(ended) => {
                if ended.is_ok() {
                    self.begin_empty(columns);
                }
                ended
            }
            Err(error) if alone && is_not_copied(&error) => self.rows(live, work, message).await,
            Err(error) => Err(error),
        }
    }

    /// The columns, where there are any. The server says again what it has to say when the query runs: what it says here
    /// is only told where it comes to nothing else.
    async fn described(
        &mut self,
        live: &mut Live,
        work: &Work,
        message: &Message,
    ) -> Result<Option<Vec<Described>>> {
        self.sends(live, message.described.clone());
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&said);
        let listener = notice::listener(move |level, message| {
            heard.lock().unwrap_or_else(PoisonError::into_inner).push((level, message));
        });
        let described = tokio::select! {
            biased;
            described = describe::describe(&mut live.connection, &message.described.sql).with_subscriber(listener) => described,
            () = work.abandoned.cancelled() => return Err(given_up()),
        };
        match described {
            Ok(_) if work.cancelled.is_cancelled() => {
                Err(Error::new(ErrorKind::Cancelled, "cancelled before it ran"))
            }
            Ok(columns) => Ok(Some(columns).filter(|columns| !columns.is_empty())),
            Err(error) if error.server().is_some() || is_lost(&error) => {
                let said = std::mem::take(&mut *said.lock().unwrap_or_else(PoisonError::into_inner));
                self.tell(said);
                Err(error)
            }
            Err(_) => Ok(None),
        }
    }
}

/// Whether COPY would not have it.
fn is_not_copied(error: &Error) -> bool {
    error.server().is_some_and(|server| NOT_COPIED.contains(&server.sqlstate.as_str()))
}

/// After a COPY that did not begin: the driver leaves the last word of the server's answer unread, and would take it for
/// the end of the next. What it is asked here meets that word instead of its own answer, and the driver then reads on to
/// the end of both.
pub(super) async fn read_on(session: &mut PgConnection) {
    let _ = sqlx::query("").persistent(false).execute(session).await;
}

/// A line of COPY with the cells of a row.
struct CopiedRow(Bytes);

impl RowBytes for CopiedRow {
    fn append_to(&self, columns: usize, rows: &mut Vec<u8>) -> bool {
        copy_text::append(&self.0, columns, rows)
    }
}
