//! The session of a tab on the server, from its first run to its end.

use std::time::{Duration, Instant};

use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Row as _};

use super::cancel::Backend;
use super::pooled::Lent;
use crate::Result;
use crate::connection::Database;
use crate::sql::SafeSql;

/// How long a transaction may be open unused where the profile says nothing shorter.
const FORGOTTEN: Duration = Duration::from_secs(10 * 60);

/// How much later than us the server itself would end the session: it is there for when we are gone.
const BEHIND: Duration = Duration::from_secs(60);

/// How long a session may have been unused before it is asked whether it is still there.
const FRESH: Duration = Duration::from_secs(5);

/// How long it may take to answer.
const ANSWER: Duration = Duration::from_secs(5);

/// An open session.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) connection: PgConnection,
    pub(super) backend: Backend,
    /// How long a transaction may be open unused.
    pub(super) patience: Duration,
    /// Whether the session refuses writes by itself now.
    read_only: bool,
    pub(super) used: Instant,
    /// Counts prepared statements, whose names must differ.
    prepared: u64,
    /// A database in SQL_ASCII: its bytes come as they are, in whatever encoding they may be.
    pub(super) as_bytes: bool,
    /// Where a pooler hands the server's session on after each transaction.
    pub(super) lent: Option<Lent>,
}

impl Live {
    /// Opens a session for a tab.
    ///
    /// # Errors
    /// What `connect` says.
    pub(super) async fn open(database: &Database, tab: &str) -> Result<Self> {
        if database.is_shared() {
            return Self::borrow(database, tab).await;
        }
        let mut connection = database.dedicated().await?;
        let mark = mark(&database.profile().application_name, tab);
        let patience = patience(database);
        let sql = settings(&mark, patience);
        let row = sqlx::raw_sql(sql.to_query()).fetch_one(&mut connection).await?;
        let backend = Backend { mark, pid: row.try_get(0)?, begun: row.try_get(1)? };
        let as_bytes = row.try_get::<Option<&str>, _>(2)?.is_some();
        let (read_only, used) = (database.profile().read_only, Instant::now());
        Ok(Self { connection, backend, patience, read_only, used, prepared: 0, as_bytes, lent: None })
    }

    /// A session of a pooler's: nothing is set on it, each transaction begins with the settings.
    async fn borrow(database: &Database, tab: &str) -> Result<Self> {
        let mut connection = database.lent().await?;
        let row = sqlx::raw_sql("show server_encoding").fetch_one(&mut connection).await?;
        let as_bytes = row.try_get::<&str, _>(0)? == "SQL_ASCII";
        let profile = database.profile();
        let (mark, patience) = (mark(&profile.application_name, tab), patience(database));
        let lent = Some(Lent::new(profile, &mark, idle_ms(patience), as_bytes));
        let backend = Backend { mark, pid: 0, begun: String::new() };
        let (read_only, used) = (profile.read_only, Instant::now());
        Ok(Self { connection, backend, patience, read_only, used, prepared: 0, as_bytes, lent })
    }

    /// Makes the session refuse writes by itself, or lets it take them again.
    pub(super) async fn set_read_only(&mut self, read_only: bool) -> Result<()> {
        // A lent session is told so by each of its transactions.
        if self.read_only == read_only || self.lent.is_some() {
            return Ok(());
        }
        let sql = if read_only {
            "set session characteristics as transaction read only"
        } else {
            "set session characteristics as transaction read write"
        };
        sqlx::raw_sql(sql).execute(&mut self.connection).await?;
        self.read_only = read_only;
        Ok(())
    }

    /// Whether the session is still there, asked where it has been quiet for a while.
    pub(super) async fn is_there(&mut self) -> bool {
        if self.used.elapsed() < FRESH {
            return true;
        }
        matches!(tokio::time::timeout(ANSWER, self.connection.ping()).await, Ok(Ok(())))
    }

    /// A name to prepare a statement under; none where it would be left to a stranger.
    pub(super) fn next_name(&mut self) -> Option<String> {
        self.prepared += 1;
        self.lent.is_none().then(|| format!("evaldesk_{}", self.prepared))
    }

    /// The server process, while it is this session's.
    pub(super) fn pid(&self) -> Option<i32> {
        self.lent.is_none().then_some(self.backend.pid)
    }

    /// Says goodbye to the server.
    pub(super) async fn close(self) {
        let _ = tokio::time::timeout(ANSWER, self.connection.close()).await;
    }
}

/// The application name: the profile's own and what no other session has, within the server's 63 bytes.
pub(super) fn mark(application: &str, tab: &str) -> String {
    let own = uuid::Uuid::now_v7().simple().to_string();
    let end =
        application.char_indices().map(|(at, letter)| at + letter.len_utf8()).take_while(|end| *end <= 24);
    let tab: String = tab.chars().filter(char::is_ascii_alphanumeric).take(4).collect();
    format!("{} {tab}-{own}", &application[..end.last().unwrap_or(0)])
}

fn patience(database: &Database) -> Duration {
    match database.profile().timeouts.idle_in_transaction_ms {
        0 => FORGOTTEN,
        set => FORGOTTEN.min(Duration::from_millis(set.into())),
    }
}

fn settings(mark: &str, patience: Duration) -> SafeSql {
    SafeSql::new("set application_name = ")
        .literal(mark)
        // The order of day and month as a server reads it that nobody configured: psql reads the same.
        .push("; set datestyle = 'ISO, MDY'; set idle_in_transaction_session_timeout = ")
        .number(idle_ms(patience))
        .push(include_str!("live.sql"))
}

/// When the server itself ends a session in an unused transaction, in milliseconds.
fn idle_ms(patience: Duration) -> i64 {
    i64::try_from((patience + BEHIND).as_millis()).unwrap_or(i64::MAX)
}
