//! A read that outlives a dropped network: it is tried once more, on another session.
//!
//! It runs in a transaction that only reads, so that what is tried again can never be a write: of a write whose answer
//! was lost nobody knows whether it happened.

use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::PgConnection;

use super::Database;
use crate::{Error, ErrorKind, Result};

/// How much longer than the server's own limit a read is waited for: when even its end is not heard of, nobody is there.
const GRACE: Duration = Duration::from_secs(5);

impl Database {
    /// Runs a read on a session of the pool, and once more on another where the first was lost on the way.
    ///
    /// # Errors
    /// What the read says; `Refused` when it would write.
    pub async fn read<T, Read>(&self, read: Read) -> Result<T>
    where
        T: Send,
        Read: for<'s> Fn(&'s mut PgConnection) -> BoxFuture<'s, Result<T>> + Send + Sync,
    {
        match self.read_once(&read).await {
            Err(error) if is_lost(&error) => self.read_once(&read).await,
            answer => answer,
        }
    }

    async fn read_once<T, Read>(&self, read: &Read) -> Result<T>
    where
        Read: for<'s> Fn(&'s mut PgConnection) -> BoxFuture<'s, Result<T>>,
    {
        let reading = async {
            // Behind a pooler each session that is lent is such a transaction already.
            if self.is_shared() {
                return read(&mut *self.pool().acquire().await?).await;
            }
            let mut transaction = self.pool().begin_with("begin read only").await?;
            let answer = read(&mut transaction).await?;
            transaction.rollback().await?;
            Ok(answer)
        };
        match self.profile().timeouts.statement_ms {
            0 => reading.await,
            limit => {
                let limit = Duration::from_millis(limit.into()) + GRACE;
                tokio::time::timeout(limit, reading).await.unwrap_or_else(|_| Err(silent(limit)))
            }
        }
    }
}

/// Whether the session went away, rather than the statement wrong.
fn is_lost(error: &Error) -> bool {
    match error.server() {
        Some(server) => {
            server.sqlstate.starts_with("08") || matches!(server.sqlstate.as_str(), "57P01" | "57P02")
        }
        None => error.kind() == ErrorKind::ConnectionRefused || error.detail_text() == Some(SILENT),
    }
}

const SILENT: &str = "the session was lost";

fn silent(limit: Duration) -> Error {
    Error::new(ErrorKind::Timeout, format!("nothing was heard of the server for {} s", limit.as_secs()))
        .detail(SILENT)
        .hint("The network may have dropped. Try again, or test the connection.")
}
