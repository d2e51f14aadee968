//! What a statement really did.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

use super::world::World;

/// Inside of the transaction: what a read has not got.
const INSIDE: &str = "select concat_ws(' ',
  case when txid_current_if_assigned() is not null then 'it took a transaction number;' end,
  case when current_setting('evaldesk.read_only') = 'on' and current_setting('transaction_read_only') = 'off' then 'it lifted read-only;' end,
  case when current_user <> 'postgres' then 'it is somebody else;' end,
  case when current_setting('standard_conforming_strings') <> 'on' then 'it reads strings otherwise;' end,
  case when (current_schemas(false))[1] = 'pg_catalog' then 'its path is odd;' end)";

/// From outside, after it: what no read leaves.
const OUTSIDE: &str = "select concat_ws(' ',
  case when not exists (select from pg_stat_activity where pid = $1) then 'it ended another session;' end,
  case when exists (select from pg_locks where locktype = 'advisory') then 'it left an advisory lock;' end,
  case when (select last_value::text || is_called from s) <> '1false' then 'it moved a sequence;' end,
  case when (select count(*) from pg_largeobject_metadata) <> 1 then 'it made or took a large object;' end,
  case when exists (select from pg_prepared_xacts) then 'it prepared a transaction;' end,
  case when (select count(*) from t) <> 50 or (select count(*) from plain) <> 2 then 'it changed rows;' end,
  case when (select count(*) from pg_class where relnamespace not in (select oid from pg_namespace where nspname ~ '^pg_'))
    <> $2 then 'it made or dropped a relation;' end)";

/// What was found of one statement.
pub(super) struct Found {
    pub(super) succeeded: bool,
    pub(super) wrong: Option<String>,
}

pub(super) struct Oracle {
    options: PgConnectOptions,
    reads: PgConnection,
    writes: PgConnection,
    observer: PgConnection,
    canary: i32,
    relations: i64,
    folder: std::path::PathBuf,
}

/// How a statement ended: the SQLSTATE, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ended(Option<String>);

impl Oracle {
    pub(super) async fn new(world: &World) -> Self {
        let options: PgConnectOptions = world.test.url.parse().unwrap();
        let mut observer = world.test.session().await;
        let relations = sqlx::query_scalar(
            "select count(*) from pg_class where relnamespace not in (select oid from pg_namespace where nspname ~ '^pg_')",
        )
        .fetch_one(&mut observer)
        .await
        .unwrap();
        Self {
            reads: open(&options, true).await,
            writes: open(&options, false).await,
            observer,
            canary: world.canary_pid,
            relations,
            folder: world.folder.path().to_owned(),
            options,
        }
    }

    /// Runs it on both sides, and looks at what is left. What differs by chance differs not three times.
    pub(super) async fn judge(&mut self, sql: &str) -> Found {
        let mut found = self.once(sql).await;
        for _ in 0..2 {
            if found.wrong.is_none() {
                break;
            }
            found = self.once(sql).await;
        }
        found
    }

    async fn once(&mut self, sql: &str) -> Found {
        let (reading, left_reading) = side(&mut self.reads, &self.options, true, sql).await;
        let (writing, left_writing) = side(&mut self.writes, &self.options, false, sql).await;
        let outside: String = sqlx::query_scalar(OUTSIDE)
            .bind(self.canary)
            .bind(self.relations)
            .fetch_one(&mut self.observer)
            .await
            .unwrap();
        let mut wrong: Vec<String> =
            [left_reading, left_writing, outside].into_iter().filter(|w| !w.is_empty()).collect();
        if reading.0.as_deref() == Some("25006") {
            wrong.push("the read-only session refused it".to_owned());
        }
        if reading != writing && !reading.timed_out() && !writing.timed_out() {
            wrong.push(format!("read-only it ended with {reading:?}, otherwise with {writing:?}"));
        }
        if std::fs::read_dir(&self.folder).is_ok_and(|mut files| files.next().is_some()) {
            wrong.push("it wrote a file".to_owned());
        }
        let wrong = (!wrong.is_empty()).then(|| wrong.join(" "));
        Found { succeeded: reading.0.is_none(), wrong }
    }
}

impl Ended {
    /// A statement that takes too long on one side may just do on the other.
    fn timed_out(&self) -> bool {
        matches!(self.0.as_deref(), Some("57014" | "55P03"))
    }
}

async fn open(options: &PgConnectOptions, read_only: bool) -> PgConnection {
    let mut session = options.clone().connect().await.unwrap();
    let mode = if read_only { "on" } else { "off" };
    let sql = format!(
        "set default_transaction_read_only = {mode}; set evaldesk.read_only = '{mode}'; set statement_timeout = '2s'; \
         set lock_timeout = '1s'; set client_min_messages = error"
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut session).await.unwrap();
    session
}

/// Runs it in a transaction that is rolled back; what it left is said in words.
async fn side(
    session: &mut PgConnection,
    options: &PgConnectOptions,
    read_only: bool,
    sql: &str,
) -> (Ended, String) {
    let _ = run(session, "begin").await;
    let ended = run(session, sql).await;
    let inside = match &ended.0 {
        None => {
            sqlx::query_scalar(INSIDE).persistent(false).fetch_one(&mut *session).await.unwrap_or_else(lost)
        }
        Some(_) => String::new(),
    };
    // A read may as well be committed: what only a commit makes true shows then.
    let back = run(session, if read_only { "commit" } else { "rollback" }).await;
    let _ = run(session, "close all").await;
    let listens = sqlx::query_scalar("select exists (select from pg_listening_channels())").persistent(false);
    let inside = match listens.fetch_one(&mut *session).await {
        Ok(true) => format!("{inside} it listens;"),
        _ => inside,
    };
    let broken = back.0.is_some() || inside.contains("the session was lost") || session.ping().await.is_err();
    // Settings that a read may change must not decide over the next one.
    if broken
        || sql.trim_start().get(..3).is_some_and(|verb| {
            ["set", "res", "com", "end", "beg", "rol", "sta"]
                .iter()
                .any(|known| verb.eq_ignore_ascii_case(known))
        })
    {
        *session = open(options, read_only).await;
    }
    (ended, inside)
}

/// A transaction that the statement ended or that failed says nothing of itself.
fn lost(error: sqlx::Error) -> String {
    match error.as_database_error() {
        Some(_) => String::new(),
        None => format!("the session was lost: {error};"),
    }
}

async fn run(session: &mut PgConnection, sql: &str) -> Ended {
    let is_copy = evaldesk_core::sql::classify::classify(sql).verb == "COPY";
    let done = if is_copy { copy_out(session, sql).await } else { execute(session, sql).await };
    Ended(done.err().map(|error| match error.as_database_error().and_then(|error| error.code()) {
        Some(code) => code.into_owned(),
        None => "lost".to_owned(),
    }))
}

async fn execute(session: &mut PgConnection, sql: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(session).await.map(drop)
}

async fn copy_out(session: &mut PgConnection, sql: &str) -> Result<(), sqlx::Error> {
    use futures_util::TryStreamExt as _;
    let rows = session.copy_out_raw(sql).await?;
    rows.try_for_each(|_| std::future::ready(Ok(()))).await
}
