//! What comes over the wire for a statement: rows, or the lines of a COPY.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Either, Row as _, ValueRef as _};
use sqlx_core::bytes::Bytes;

use super::column;
use super::live::Live;
use super::message::Sent;
use super::run::Work;
use super::sink::Taken;
use super::statement::is_lost;
use super::store::{RowBytes, push_cell};
use super::stream::Running;
use crate::{Error, ErrorKind, Result};

/// What there was to be had from the server at once.
enum Came {
    /// Enough to be shown; more may be here.
    Full,
    /// Something that is not visible yet, and nothing more now.
    Rest,
    /// A row that is none of this result's.
    Odd,
    End(Result<()>),
}

impl Running<'_> {
    /// Takes what the server sends until its end.
    pub(super) async fn rows(&mut self, live: &mut Live, work: &Work, sent: Sent) -> Result<()> {
        let sql = sent.sql.to_query();
        self.sends(live, sent);
        let mut items = sqlx::raw_sql(sql).fetch_many(&mut live.connection);
        self.drain(&mut items, work, |running, item| match item {
            Either::Left(done) => {
                running.counted(done.rows_affected());
                Taken::More
            }
            Either::Right(row) => running.take(&row, || column::described(row.columns())),
        })
        .await
    }

    /// The lines that COPY sends to its client, one a row.
    pub(super) async fn copy_out(&mut self, live: &mut Live, work: &Work, sent: Sent) -> Result<()> {
        let take = |running: &mut Self, line| running.line(&Line(line), column::copied);
        self.copy(live, work, sent, take).await.and_then(|ended| ended)
    }

    /// Sends a COPY to us and takes its lines. How they ended is in what it returns.
    ///
    /// # Errors
    /// Why the COPY did not begin.
    pub(super) async fn copy(
        &mut self,
        live: &mut Live,
        work: &Work,
        sent: Sent,
        take: impl FnMut(&mut Self, Bytes) -> Taken,
    ) -> Result<Result<()>> {
        let sql = sent.sql.clone();
        self.sends(live, sent);
        let refused = {
            let begun = tokio::select! {
                biased;
                begun = live.connection.copy_out_raw(sql.as_str()) => begun,
                () = work.abandoned.cancelled() => return Err(given_up()),
            };
            match begun {
                Ok(mut items) => return Ok(self.drain(&mut items, work, take).await),
                Err(error) => Error::from(error),
            }
        };
        if !is_lost(&refused) {
            read_on(&mut live.connection).await;
        }
        Err(refused)
    }

    /// Takes what comes until its end. What the disk does not take any more is read to the end all the same, for the
    /// session to be of use afterwards.
    async fn drain<T>(
        &mut self,
        items: &mut BoxStream<'_, Result<T, sqlx::Error>>,
        work: &Work,
        mut take: impl FnMut(&mut Self, T) -> Taken,
    ) -> Result<()> {
        let mut abandoned = std::pin::pin!(work.abandoned.cancelled());
        loop {
            let poll = |context: &mut Context<'_>| self.poll(items, &mut take, abandoned.as_mut(), context);
            match std::future::poll_fn(poll).await {
                Came::Rest => self.show().await,
                Came::Full => {
                    self.show().await;
                    // A server that is faster than we are never lets us wait: without a rest the thread would neither tell
                    // whoever watches nor hear of any other connection for seconds.
                    tokio::task::yield_now().await;
                }
                Came::Odd => self.fail(other_columns()).await,
                Came::End(ended) => {
                    // What came before an error stays.
                    self.show().await;
                    return self.ended(ended);
                }
            }
        }
    }

    /// Takes what is here. While the server thinks, that may be looked at.
    fn poll<T>(
        &mut self,
        items: &mut BoxStream<'_, Result<T, sqlx::Error>>,
        take: &mut impl FnMut(&mut Self, T) -> Taken,
        abandoned: Pin<&mut impl Future<Output = ()>>,
        context: &mut Context<'_>,
    ) -> Poll<Came> {
        loop {
            match items.poll_next_unpin(context) {
                Poll::Ready(Some(Ok(item))) => match take(self, item) {
                    Taken::More => {}
                    Taken::Full => return Poll::Ready(Came::Full),
                    Taken::Odd => return Poll::Ready(Came::Odd),
                },
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Came::End(Err(error.into()))),
                Poll::Ready(None) => return Poll::Ready(Came::End(Ok(()))),
                Poll::Pending if self.has_unseen() => return Poll::Ready(Came::Rest),
                Poll::Pending => return abandoned.poll(context).map(|()| Came::End(Err(given_up()))),
            }
        }
    }
}

/// After a COPY that did not begin: the driver leaves the last word of the server's answer unread, and would take it for
/// the end of the next. What it is asked here meets that word instead of its own answer, and the driver then reads on to
/// the end of both.
async fn read_on(session: &mut PgConnection) {
    let _ = sqlx::query("").persistent(false).execute(session).await;
}

pub(super) fn given_up() -> Error {
    Error::new(ErrorKind::ConnectionRefused, "the server does not answer any more")
}

fn other_columns() -> Error {
    let message = "somebody changed the columns of what the statement reads while it began";
    Error::new(ErrorKind::Precondition, message).hint("Run it again.")
}

/// A line of COPY without its end.
struct Line(Bytes);

impl RowBytes for Line {
    fn append_to(&self, columns: usize, rows: &mut Vec<u8>) -> bool {
        push_cell(Some(self.0.strip_suffix(b"\n").unwrap_or(&self.0)), rows);
        columns == 1
    }
}

impl RowBytes for PgRow {
    fn append_to(&self, columns: usize, rows: &mut Vec<u8>) -> bool {
        (0..columns).for_each(|index| push_cell(cell(self, index), rows));
        true
    }
}

/// The bytes of a cell; `None` is NULL.
pub(super) fn cell(row: &PgRow, index: usize) -> Option<&[u8]> {
    let value = row.try_get_raw(index).ok()?;
    if value.is_null() { None } else { value.as_bytes().ok() }
}
