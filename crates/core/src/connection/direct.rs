//! A session that is known to be the server's own, with no pooler in between.
//!
//! A pooler hands its server sessions from client to client, so a lock or a setting may stay with a stranger. It is
//! recognised by what it cannot do: a setting that a session begins with reaches a server alone. A server takes any
//! setting whose name has a dot; PgBouncer refuses it, or drops it where `ignore_startup_parameters` says so.

use std::time::Duration;

use sqlx::Row as _;
use sqlx::postgres::PgConnection;

use super::open::{open_marked, open_plain};
use super::options::prepare_session;
use super::{ConnectionProfile, Database, Secret};
use crate::{Error, ErrorKind, Result};

/// The setting that marks a session; the value is new each time, so that no pooled session has it by chance.
pub(super) const MARK: &str = "evaldesk.mark";

/// PgBouncer's administration, which it always has, under this name.
const ADMINISTRATION: &str = "pgbouncer";

/// `protocol_violation`: how poolers word whatever they refuse.
const REFUSED_BY_A_POOLER: &str = "08P01";

/// How long it is asked about itself.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a pooler gives away of the server behind it.
#[derive(Debug, Default)]
struct Pooler {
    /// "PgBouncer 1.18.0"
    name: Option<String>,
    /// "10.0.0.7:5432", or "port 5432 of its machine".
    server: Option<String>,
}

impl Database {
    /// A session of its own, straight to the server: for what must not be handed on to somebody else.
    ///
    /// # Errors
    /// `Refused` where a pooler is in between, with the address behind it as far as it can be known.
    pub async fn direct(&self) -> Result<PgConnection> {
        let mark = uuid::Uuid::now_v7().simple().to_string();
        let opened = match open_marked(self.profile(), self.secret(), &mark).await {
            Err(error) if refused_by_a_pooler(&error) => None,
            Ok(mut session) => is_marked(&mut session, &mark).await?.then_some(session),
            Err(error) => return Err(error),
        };
        match opened {
            Some(mut session) => {
                prepare_session(&mut session, self.profile()).await?;
                Ok(session)
            }
            None => Err(Pooler::ask(self.profile(), self.secret()).await.refusal(self.profile())),
        }
    }
}

async fn is_marked(session: &mut PgConnection, mark: &str) -> Result<bool> {
    // Without a prepared statement: a pooler may send the next message to another session.
    let row = sqlx::raw_sql("select current_setting('evaldesk.mark', true)").fetch_one(session).await?;
    Ok(row.try_get::<Option<&str>, _>(0)? == Some(mark))
}

fn refused_by_a_pooler(error: &Error) -> bool {
    error.server().is_some_and(|server| server.sqlstate == REFUSED_BY_A_POOLER)
}

impl Pooler {
    /// What cannot be learned is left out: the refusal stands without it.
    async fn ask(profile: &ConnectionProfile, secret: Option<&Secret>) -> Self {
        let asked = async { (name(profile, secret).await, server(profile, secret).await.ok()) };
        // A pooler whose pool is used up lets a client wait for minutes.
        let (name, server) = tokio::time::timeout(PATIENCE, asked).await.unwrap_or_default();
        Self { name, server }
    }

    fn refusal(self, profile: &ConnectionProfile) -> Error {
        let name = self.name.as_deref().unwrap_or("a connection pooler");
        let server = self.server.as_deref().unwrap_or("its host and port, 5432 as a rule");
        Error::new(
            ErrorKind::Refused,
            format!(
                "{} leads to {name}, and migrating needs a session of the server's own",
                profile.address()
            ),
        )
        .hint(format!(
            "Connect to the server itself: {server}. Behind a pooler the migration locks would be left to whoever gets the session next."
        ))
    }
}

/// A user of its administration may ask; another is refused in words that no server has.
async fn name(profile: &ConnectionProfile, secret: Option<&Secret>) -> Option<String> {
    let administration = ConnectionProfile { database: ADMINISTRATION.to_owned(), ..profile.clone() };
    match open_plain(&administration, secret).await {
        Ok(mut session) => {
            let row = sqlx::raw_sql("show version").fetch_one(&mut session).await.ok()?;
            row.try_get(0).ok()
        }
        Err(error) => refused_by_a_pooler(&error).then(|| "PgBouncer".to_owned()),
    }
}

/// Where the server behind it listens, as the server says it.
async fn server(profile: &ConnectionProfile, secret: Option<&Secret>) -> Result<String> {
    let mut session = open_plain(profile, secret).await?;
    let asked = "select host(inet_server_addr()), current_setting('port')";
    let row = sqlx::raw_sql(asked).fetch_one(&mut session).await?;
    let (host, port): (Option<String>, String) = (row.try_get(0)?, row.try_get(1)?);
    Ok(host.map_or_else(|| format!("port {port} of its machine"), |host| format!("{host}:{port}")))
}
