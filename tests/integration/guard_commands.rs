//! Commands of the read-only set that take SQL: on a connection that may do everything they send nothing but reads.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use evaldesk_api::commands::{QueryTabArguments, query_watch};
use evaldesk_api::{ErrorReport, Session, dispatch};
use evaldesk_core::ErrorKind;
use evaldesk_core::clock::FixedClock;
use evaldesk_core::connection::{MemoryProfiles, MemorySecrets, SecretPolicy, WriteMode, parse_url};
use evaldesk_core::job::{JobContext, JobRecord, JobState};
use evaldesk_core::query::export::{
    ExportPlace, QueryExportFormat, QueryExportRequest, export_query, is_plain_query, stream_query,
};
use evaldesk_core::query::{QueryParameter, QueryPhase};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use support::{TestDatabase, for_each_version};

/// What changes something, starts something on the server, reads its disk, or holds up others. FILE is a path that the
/// server may write.
const HOSTILE: &[&str] = &[
    "copy (select 1) to program 'touch FILE'",
    "copy (select 1) to 'FILE'",
    "copy t from program 'echo 7'",
    "select pg_terminate_backend(0)",
    "select pg_cancel_backend(0)",
    "select pg_advisory_lock(1)",
    "select pg_read_file('postgresql.conf')",
    "select lo_export(1, 'FILE')",
    "select pg_notify('c', 'x')",
    "select nextval('s')",
    "select setval('s', 9)",
    "select set_config('work_mem', '1MB', false)",
    "select query_to_xml('delete from t', true, false, '')",
    "select marks()",
    "select * into u from t",
    "select * from t for update",
    "with gone as (delete from t returning a) select * from gone",
    "explain analyze delete from t",
    "explain (analyze) create table u as select 1",
    "notify c",
    "listen c",
    "do $$ begin delete from t; end $$",
    "lock table t",
    "delete from t returning a",
    "insert into t values (3) returning a",
    "truncate t",
    "create table u (a int)",
    "create table u as select 1",
    "call p()",
    "vacuum t",
    "checkpoint",
    "load 'plpgsql'",
    "prepare q as delete from t",
    "set default_transaction_read_only = off",
    "set transaction read write",
    "begin read write",
    "commit; delete from t",
];

/// What changes nothing and gives no rows either.
const SILENT: &[&str] = &[
    "begin",
    "commit",
    "rollback",
    "savepoint a",
    "set work_mem = '1MB'",
    "reset all",
    "declare c cursor for select 1",
    "fetch 1 from c",
    "close all",
    "copy t to stdout",
    "-- nothing",
    "",
];

const WORLD: &str = "create table t as select 1 as a; create sequence s; \
    create function marks() returns int language sql as 'insert into t values (2) returning a'; \
    create procedure p() language sql as 'delete from t'";

/// A host with a connection that is free, and a folder that a server's program could write to.
struct World {
    test: TestDatabase,
    session: Session,
    connection: String,
    folder: tempfile::TempDir,
}

impl World {
    async fn new(test: TestDatabase) -> Self {
        test.run(WORLD).await;
        let folder = tempfile::tempdir().unwrap();
        open_to_all(folder.path());
        let session = Session::builder(folder.path().join("data"))
            .secrets(Arc::new(MemorySecrets::default()))
            .profiles(Arc::new(MemoryProfiles::default()))
            .build();
        let mut parsed = parse_url(&test.url).unwrap();
        parsed.profile.secret_policy = SecretPolicy::None;
        parsed.profile.writes = Some(WriteMode::Free);
        let connection = session.pass(parsed.profile, parsed.password);
        Self { test, session, connection, folder }
    }

    fn marked(&self) -> PathBuf {
        self.folder.path().join("marked")
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out.csv")
    }

    fn hostile(&self) -> impl Iterator<Item = String> {
        let marked = self.marked().display().to_string();
        HOSTILE.iter().map(move |sql| sql.replace("FILE", &marked))
    }

    async fn call(&self, name: &str, mut arguments: Value) -> Result<Value, ErrorReport> {
        arguments["connection"] = self.connection.as_str().into();
        let told = dispatch(&self.session, name, arguments).await?;
        Ok(serde_json::from_str(&told).unwrap())
    }

    /// A job to its end.
    async fn job(&self, name: &str, arguments: Value) -> Result<Value, ErrorReport> {
        let job = self.call(name, arguments).await?["job"].clone();
        loop {
            let record = dispatch(&self.session, "job_show", json!({ "job": job })).await?;
            let record: JobRecord = serde_json::from_str(&record).unwrap();
            match record.state {
                JobState::Running | JobState::Cancelling => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                JobState::Done => return Ok(record.outcome.unwrap_or_default()),
                _ => return Err(record.failure.unwrap().into()),
            }
        }
    }

    async fn export(&self, sql: &str) -> Result<Value, ErrorReport> {
        let path = self.out().display().to_string();
        self.job("query_export", json!({ "text": sql, "format": "csv", "path": path })).await
    }

    /// Nothing was changed, nothing is held, nothing was written here.
    async fn is_untouched(&self, after: &str) {
        let state = "select concat_ws(' ', (select array_agg(a) from t), (select last_value from s), to_regclass('u'), \
            (select count(*) from pg_locks where locktype = 'advisory'))";
        assert_eq!(self.test.value(state).await.as_deref(), Some("{1} 1 0"), "after {after}");
        assert!(!self.marked().exists(), "the server wrote a file: {after}");
        let left: Vec<_> = std::fs::read_dir(self.folder.path()).unwrap().flatten().collect();
        let left: Vec<_> =
            left.iter().map(std::fs::DirEntry::file_name).filter(|name| name != "data").collect();
        assert!(left.is_empty(), "{after} left {left:?}");
    }
}

/// The server may run as another user.
fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o777)).unwrap();
}

fn is_refusal(error: &ErrorReport, sql: &str) {
    // What is several statements, or none, is an export of nothing that there is.
    let several = sql.contains(';') && !sql.contains("$$") || sql.is_empty() || sql.starts_with("--");
    let expected = if several { ErrorKind::InvalidArguments } else { ErrorKind::Refused };
    assert_eq!(error.code, expected, "{sql}: {}", error.message);
    assert!(error.hint.is_some() && !error.message.is_empty(), "{sql}: {error:?}");
}

#[tokio::test]
async fn an_export_of_a_free_connection_sends_nothing_but_reads() {
    for_each_version(|test| async move {
        let world = World::new(test).await;
        let silent = SILENT.iter().map(|sql| (*sql).to_owned());
        for sql in world.hostile().chain(silent) {
            is_refusal(&world.export(&sql).await.unwrap_err(), &sql);
            world.is_untouched(&sql).await;
        }
        for sql in ["select a from t", "table t", "values (1)", "show work_mem", "explain select 1"] {
            assert!(world.export(sql).await.unwrap()["bytes"].as_u64() > Some(0), "{sql}");
            std::fs::remove_file(world.out()).unwrap();
            std::fs::remove_file(world.folder.path().join("out.csv.manifest.json")).unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_library_that_exports_or_streams_sends_nothing_but_reads() {
    for_each_version(|test| async move {
        let world = World::new(test).await;
        let database = world.session.database(&world.connection).await.unwrap();
        let clock = FixedClock("2026-03-01T00:00:00Z".parse().unwrap());
        let place = ExportPlace { path: world.out(), overwrite: false };
        for sql in world.hostile() {
            let (format, job) = (QueryExportFormat::Json, JobContext::detached());
            let request =
                QueryExportRequest { text: sql.clone(), parameters: Vec::new(), format, table: None };
            let to_file = export_query(&database, &request, &place, &clock, &job).await;
            is_refusal(&to_file.unwrap_err().into(), &sql);
            let streamed = stream_query(&database, &request, Box::new(std::io::sink()), &job).await;
            is_refusal(&streamed.unwrap_err().into(), &sql);
            assert!(!is_plain_query(&database, &sql, &[]).await.unwrap(), "{sql}");
            world.is_untouched(&sql).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_value_of_a_parameter_is_a_value_and_nothing_more() {
    for_each_version(|test| async move {
        let world = World::new(test).await;
        let value = "1'); delete from t; select ('\\'); delete from t; --";
        let parameters = [QueryParameter { name: "a".to_owned(), value: Some(value.to_owned()) }];
        let path = world.out().display().to_string();
        let asked =
            json!({ "text": "select :a as a", "format": "jsonl", "path": path, "parameters": parameters });
        let done = world.job("query_export", asked).await.unwrap();
        let line: Value =
            serde_json::from_slice(&std::fs::read(done["path"].as_str().unwrap()).unwrap()).unwrap();
        assert_eq!(line["a"], value);
        assert_eq!(world.test.count("t").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_tab_that_may_only_read_sends_nothing_else() {
    for_each_version(|test| async move {
        let world = World::new(test).await;
        for sql in world.hostile() {
            let asked = json!({ "tab": "t", "text": sql, "range": { "kind": "all" } });
            let refused = world.call("query_read", asked).await.unwrap_err();
            // A tab hears nothing, and says that of listening before it asks the guard.
            let expected =
                if sql.starts_with("listen") { ErrorKind::InvalidArguments } else { ErrorKind::Refused };
            assert_eq!(refused.code, expected, "{sql}: {}", refused.message);
            world.is_untouched(&sql).await;
        }
    })
    .await;
}

#[tokio::test]
async fn an_explanation_measures_reads_alone_and_plans_the_rest() {
    for_each_version(|test| async move {
        let world = World::new(test).await;
        for sql in world.hostile() {
            let measured = world.call("query_explain", json!({ "text": sql, "analyze": true })).await;
            match measured {
                Ok(reply) => assert_eq!(reply["kind"], "writes", "{sql}: {reply}"),
                Err(error) => assert_eq!(error.code, ErrorKind::InvalidArguments, "{sql}: {}", error.message),
            }
            // What has a plan is planned, and nothing of it runs.
            let _ = world.call("query_explain", json!({ "text": sql })).await;
            world.is_untouched(&sql).await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_only_reads_a_text_sends_nothing_of_it() {
    for_each_version(|test| async move {
        let world = World::new(test).await;
        for sql in world.hostile() {
            let draft = json!({ "draft": { "role": "up", "text": sql } });
            world.call("migrate_lint", draft).await.unwrap();
            world.call("query_complete", json!({ "text": sql, "offset": sql.len() })).await.unwrap();
            let _ = world.call("query_format", json!({ "text": sql })).await;
            let _ = world.call("query_split", json!({ "text": sql })).await;
            world.is_untouched(&sql).await;
        }
    })
    .await;
}

/// Where a backslash hides a quote, the server would see a statement that nobody here saw.
#[tokio::test]
async fn a_database_that_reads_strings_otherwise_lets_nothing_through() {
    for_each_version(|test| async move {
        test.run(&format!("alter database \"{}\" set standard_conforming_strings = off", test.name)).await;
        let world = World::new(test).await;
        let sql = r"select 'a\' as a, '; commit; begin read write; delete from t; commit; --'";
        let copied =
            r"select 'a\' as a, ') to stdout; commit; begin read write; delete from t; commit; copy (select 1 --'";
        for sql in [sql, copied] {
            let run = json!({ "tab": "t", "text": sql, "range": { "kind": "all" } });
            world.call("query_read", run).await.unwrap();
            let tab = QueryTabArguments { tab: "t".to_owned() };
            let mut states = query_watch(&world.session, tab).await.unwrap();
            while states.next().await.unwrap().phase != QueryPhase::Idle {}
            world.export(sql).await.unwrap();
            world.call("query_explain", json!({ "text": sql, "analyze": true })).await.unwrap();
            assert_eq!(world.test.count("t").await, 1, "{sql}");
            std::fs::remove_file(world.out()).unwrap();
        }
    })
    .await;
}
