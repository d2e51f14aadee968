//! Talking to the server as its superuser, over the loopback.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{ConnectOptions as _, Executor as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{Instant, sleep, timeout};
use ts_rs::TS;

use super::config::{DATABASE, USER};
use crate::connection::Secret;
use crate::ident::Ident;
use crate::job::{JobContext, Progress};
use crate::server::ServerVersion;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// Where the local database is, for a connection to it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    /// 127.0.0.1
    pub host: String,
    /// The port it listens on now; it may differ at the next start.
    pub port: u16,
    /// The folder of its unix socket.
    #[ts(type = "string")]
    pub socket_dir: std::path::PathBuf,
    /// The superuser, whose password the host keeps.
    pub user: String,
    /// The database for evaluation data.
    pub database: String,
    /// The server's version.
    pub version: ServerVersion,
    /// Whether this start made the data folder.
    pub created: bool,
    /// What the user should know about this start: another port, a recovery, a server that was taken over.
    pub notices: Vec<String>,
}

/// Opens a session on the server at a port.
pub(super) async fn connect(port: u16, database: &str, password: &Secret) -> Result<PgConnection> {
    let options = PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(port)
        .username(USER)
        .password(password.expose())
        .database(database)
        .application_name("evaldesk")
        .ssl_mode(PgSslMode::Disable);
    let opened = timeout(Duration::from_secs(10), options.connect()).await;
    opened
        .map_err(|_| Error::new(ErrorKind::Timeout, "the local server did not answer within 10 s"))?
        .map_err(Error::from)
}

/// Waits through a recovery, then says who the server is and sees to its database.
pub(super) async fn greet(port: u16, password: &Secret, job: &JobContext) -> Result<ServerVersion> {
    let mut session = connect_patiently(port, password, job).await?;
    let version = ServerVersion::read(&mut session).await?;
    make_database(&mut session).await?;
    Ok(version)
}

/// A server that replays its log refuses sessions and is healthy all the same: it may take minutes.
async fn connect_patiently(port: u16, password: &Secret, job: &JobContext) -> Result<PgConnection> {
    let until = Instant::now() + Duration::from_secs(600);
    loop {
        match connect(port, "postgres", password).await {
            Err(error) if is_starting(&error) && Instant::now() < until => {
                job.progress(Progress::phase("recovering the local database"));
                job.check()?;
                sleep(Duration::from_millis(200)).await;
            }
            Err(error) if error.kind() == ErrorKind::AuthenticationFailed => {
                return Err(wrong_password(error));
            }
            other => return other.map_err(|error| error.while_doing("cannot connect to the local server")),
        }
    }
}

/// 57P03: starting up, recovering or shutting down.
pub(super) fn is_starting(error: &Error) -> bool {
    error.server().is_some_and(|said| said.sqlstate == "57P03")
}

fn wrong_password(cause: Error) -> Error {
    Error::new(
        ErrorKind::AuthenticationFailed,
        "the local server does not take the password that is kept for it",
    )
    .hint("The data is fine. Whoever owns the data folder can give the server a new password; Evaldesk does so by itself when it opens the local database.")
    .caused_by(cause)
}

async fn make_database(session: &mut PgConnection) -> Result<()> {
    let there: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(DATABASE)
        .fetch_one(&mut *session)
        .await?;
    if !there {
        let statement = SafeSql::new("create database ").ident(&Ident::new(DATABASE));
        session.execute(statement.to_query()).await.map_err(|error| {
            Error::from(error).while_doing(&format!("cannot create the database {DATABASE}"))
        })?;
    }
    Ok(())
}

/// Whether a server answers at all, without a password: it must say yes or no to a request for TLS.
pub(super) async fn answers(port: u16, patience: Duration) -> bool {
    timeout(patience, ask_for_tls(port))
        .await
        .is_ok_and(|answer| answer.is_ok_and(|byte| byte == b'S' || byte == b'N'))
}

async fn ask_for_tls(port: u16) -> std::io::Result<u8> {
    /// Length 8, then the number that stands for "TLS, please".
    const REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(&REQUEST).await?;
    stream.read_u8().await
}
