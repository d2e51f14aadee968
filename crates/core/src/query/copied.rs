//! A query that is sent inside of a COPY: described first, for COPY tells no columns, and then its lines, one a row.

use std::sync::{Arc, Mutex, PoisonError};

use sqlx_core::bytes::Bytes;
use tracing::instrument::WithSubscriber as _;

use super::column::Described;
use super::describe::{self, Description};
use super::live::Live;
use super::message::{Message, Sent};
use super::run::Work;
use super::statement::is_lost;
use super::store::RowBytes;
use super::stream::Running;
use super::wire::given_up;
use super::{copy_text, notice, typed};
use crate::{Error, ErrorKind, Result};

/// `feature_not_supported`, `syntax_error`: what COPY itself says of a query that it does not take.
const NOT_COPIED: [&str; 2] = ["0A000", "42601"];

/// The same, and whatever else is wrong with a text.
const REWRITTEN: [&str; 2] = ["0A000", "42"];

impl Running<'_> {
    /// The rows of a query. Where it stands `alone`, in no transaction that would have failed with it, and COPY does not
    /// take it, it goes as it stands.
    pub(super) async fn query(
        &mut self,
        live: &mut Live,
        work: &Work,
        message: &Message<'_>,
        alone: bool,
    ) -> Result<()> {
        let ended = match self.described(live, work, message).await {
            Ok(Some((sent, columns))) if !columns.is_empty() => {
                let sent = sent.copied(live.as_bytes);
                self.copied(live, work, message, sent, columns, alone).await
            }
            Ok(_) => self.rows(live, work, message.whole.clone()).await,
            Err(error) => Err(error),
        };
        left(live, ended).await
    }

    /// A statement with parameters where nothing may be prepared: their values have the types that it asks for.
    pub(super) async fn written(
        &mut self,
        live: &mut Live,
        work: &Work,
        message: &Message<'_>,
    ) -> Result<()> {
        let ended = match self.described(live, work, message).await {
            Ok(described) => {
                let sent = described.map_or_else(|| message.whole.clone(), |(sent, _)| sent);
                self.rows(live, work, sent).await
            }
            Err(error) => Err(error),
        };
        left(live, ended).await
    }

    async fn copied(
        &mut self,
        live: &mut Live,
        work: &Work,
        message: &Message<'_>,
        sent: Sent,
        columns: Vec<Described>,
        alone: bool,
    ) -> Result<()> {
        let take = |running: &mut Self, line| running.line(&CopiedRow(line), || columns.clone());
        match self.copy(live, work, sent, take).await {
            Ok(ended) => {
                if ended.is_ok() {
                    self.begin_empty(columns);
                }
                ended
            }
            Err(error) if alone && is_not_copied(&error, message) => {
                self.rows(live, work, message.whole.clone()).await
            }
            Err(error) => Err(error),
        }
    }

    /// The statement in one piece, and its columns; none where it has to go as it stands.
    async fn described(
        &mut self,
        live: &mut Live,
        work: &Work,
        message: &Message<'_>,
    ) -> Result<Option<(Sent, Vec<Described>)>> {
        self.sends(live, message.described.clone());
        let asked = self.aside(describe::describe(&mut live.connection, &message.described.sql), work);
        let Some(Description { columns, parameters }) = asked.await? else { return Ok(None) };
        let named = self.aside(typed::names(&mut live.connection, &parameters), work);
        let sent = named.await?.flatten().and_then(|types| message.typed(&types));
        if work.cancelled.is_cancelled() {
            return Err(Error::new(ErrorKind::Cancelled, "cancelled before it ran"));
        }
        Ok(sent.map(|sent| (sent, columns)))
    }

    /// What the server is asked before the statement runs; none where the driver cannot read the answer. What the server
    /// says of a statement it says again when it runs: here it is only told where it comes to nothing else.
    async fn aside<T>(&self, asked: impl Future<Output = Result<T>>, work: &Work) -> Result<Option<T>> {
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&said);
        let listener = notice::listener(move |level, message| {
            heard.lock().unwrap_or_else(PoisonError::into_inner).push((level, message));
        });
        let answer = tokio::select! {
            biased;
            answer = asked.with_subscriber(listener) => answer,
            () = work.abandoned.cancelled() => return Err(given_up()),
        };
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.server().is_some() || is_lost(&error) => {
                self.tell(std::mem::take(&mut *said.lock().unwrap_or_else(PoisonError::into_inner)));
                Err(error)
            }
            Err(_) => Ok(None),
        }
    }
}

/// Nothing stays prepared of what was described.
async fn left(live: &mut Live, ended: Result<()>) -> Result<()> {
    if !ended.as_ref().is_err_and(is_lost) {
        describe::forget(&mut live.connection).await;
    }
    ended
}

/// Whether COPY would not have it, or not with its values in it: it was described well without them.
fn is_not_copied(error: &Error, message: &Message<'_>) -> bool {
    let class = if message.has_values() { &REWRITTEN[..] } else { &NOT_COPIED[..] };
    error.server().is_some_and(|server| class.iter().any(|code| server.sqlstate.starts_with(code)))
}

/// A line of COPY with the cells of a row.
struct CopiedRow(Bytes);

impl RowBytes for CopiedRow {
    fn append_to(&self, columns: usize, rows: &mut Vec<u8>) -> bool {
        copy_text::append(&self.0, columns, rows)
    }
}
