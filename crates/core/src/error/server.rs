//! From the driver's error to ours: the SQLSTATE decides the kind, never the text.
//!
//! SQLSTATE classes: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.

use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};
use ts_rs::TS;

use super::{Error, ErrorKind};

/// The fields of an error response, as the server sent them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerError {
    /// Five characters, "42P01".
    pub sqlstate: String,
    /// The server's hint.
    pub hint: Option<String>,
    /// The server's detail.
    pub detail: Option<String>,
    /// 1-based character in the statement that was sent.
    pub position: Option<u32>,
    /// The object it was about.
    pub object: Option<ObjectRef>,
}

/// The object that an error is about, as far as the server named it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ObjectRef {
    pub schema: Option<String>,
    pub table: Option<String>,
    pub column: Option<String>,
    pub constraint: Option<String>,
}

impl ServerError {
    /// Whether the same statement may well succeed when it is sent again.
    pub fn retryable(&self) -> bool {
        matches!(self.sqlstate.as_str(), "40001" | "40P01" | "55P03" | "57P03" | "53300")
            || self.sqlstate.starts_with("08")
    }
}

pub(super) fn from_sqlx(error: sqlx::Error) -> Error {
    match error {
        sqlx::Error::Database(database) => match database.try_downcast::<PgDatabaseError>() {
            Ok(pg) => from_server(*pg),
            Err(other) => Error::new(ErrorKind::Server, other.message().to_owned()),
        },
        sqlx::Error::Io(io) => from_io(io),
        sqlx::Error::Tls(tls) => Error::new(ErrorKind::Tls, format!("TLS failed: {tls}"))
            .hint("Check the TLS mode of the connection and the certificate of the server."),
        sqlx::Error::RowNotFound => Error::new(ErrorKind::NotFound, "no such row"),
        sqlx::Error::PoolTimedOut => Error::new(
            ErrorKind::Timeout,
            "no session could be had in time: the server does not answer, or other queries hold every session",
        )
        .hint("Try again or test the connection; if queries hold them, cancel one or raise the pool size."),
        other => Error::new(ErrorKind::Internal, other.to_string()).caused_by(other),
    }
}

fn from_server(error: PgDatabaseError) -> Error {
    let sqlstate = error.code().to_owned();
    let mut made = Error::new(kind_of(&sqlstate), error.message().to_owned());
    made.0.server = Some(ServerError {
        hint: error.hint().map(str::to_owned),
        detail: error.detail().map(str::to_owned),
        position: position(&error),
        object: object(&error),
        sqlstate,
    });
    if lost_its_statement(&made) { made.hint(POOLER) } else { made }
}

const POOLER: &str = "A pooler in transaction mode seems to be in between, which hands the session's prepared statements to others. Connect to the server's own port, or let the pooler pool sessions.";

/// `duplicate_prepared_statement`, `invalid_sql_statement_name`: the driver names its statements, one session each.
fn lost_its_statement(error: &Error) -> bool {
    error.server().is_some_and(|server| matches!(server.sqlstate.as_str(), "42P05" | "26000"))
}

fn position(error: &PgDatabaseError) -> Option<u32> {
    match error.position()? {
        PgErrorPosition::Original(at) => u32::try_from(at).ok(),
        PgErrorPosition::Internal { .. } => None,
    }
}

fn object(error: &PgDatabaseError) -> Option<ObjectRef> {
    let table = error.table().map(str::to_owned);
    let constraint = error.constraint().map(str::to_owned);
    (table.is_some() || constraint.is_some()).then(|| ObjectRef {
        schema: error.schema().map(str::to_owned),
        table,
        column: error.column().map(str::to_owned),
        constraint,
    })
}

fn kind_of(sqlstate: &str) -> ErrorKind {
    match sqlstate {
        "28P01" | "28000" => ErrorKind::AuthenticationFailed,
        "3D000" => ErrorKind::DatabaseMissing,
        "42501" => ErrorKind::PermissionDenied,
        "55P03" | "40P01" | "40001" => ErrorKind::LockTimeout,
        "57014" => ErrorKind::Cancelled,
        "25006" => ErrorKind::Refused,
        "53100" => ErrorKind::Storage,
        "57P01" | "57P02" | "57P03" | "53300" => ErrorKind::ConnectionRefused,
        "42P01" | "42703" | "42883" | "42704" | "3F000" => ErrorKind::NotFound,
        _ => kind_of_class(sqlstate.get(..2).unwrap_or_default()),
    }
}

fn kind_of_class(class: &str) -> ErrorKind {
    match class {
        "08" => ErrorKind::ConnectionRefused,
        "23" => ErrorKind::Conflict,
        "42" => ErrorKind::Syntax,
        "22" => ErrorKind::InvalidArguments,
        _ => ErrorKind::Server,
    }
}

fn from_io(error: std::io::Error) -> Error {
    use std::io::ErrorKind as Io;
    let kind = match error.kind() {
        Io::TimedOut => ErrorKind::Timeout,
        _ => ErrorKind::ConnectionRefused,
    };
    Error::new(kind, format!("the connection failed: {error}")).caused_by(error)
}
