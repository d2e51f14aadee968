//! Tabs of the query workbench through PgBouncer in transaction mode: they work, and nothing of them is left to whoever
//! gets the server's session next.

use std::time::Duration;

use evaldesk_core::ErrorKind;
use evaldesk_core::clock::FixedClock;
use evaldesk_core::connection::{ConnectionProfile, Database, parse_url};
use evaldesk_core::job::JobContext;
use evaldesk_core::query::export::{ExportPlace, QueryExportFormat, QueryExportRequest, export_query};
use evaldesk_core::query::{
    QueryConsent, QueryEdit, QueryEditable, QueryParameter, QueryPhase, QueryRange, QueryState,
    QueryTransactionAction, StatementOutcome, TransactionState,
};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _};
use support::{Pgbouncer, PoolerSettings, TestDatabase, any_database, for_each_version};

use crate::query_tab::{Tab, texts, until_running};

const TRANSACTION: PoolerSettings<'_> =
    PoolerSettings { pool_mode: "transaction", admin_users: "nobody", ignored: "" };

fn behind(database: &TestDatabase) -> (Pgbouncer, ConnectionProfile) {
    let pooler = Pgbouncer::before(database.cluster(), TRANSACTION);
    let profile = parse_url(&pooler.url(&database.name)).unwrap().profile;
    (pooler, profile)
}

async fn tab(profile: &ConnectionProfile) -> Tab {
    Tab::on(Database::open(profile, None).await.unwrap())
}

/// What the next clients of the pooler find: one for every session that it has with the server.
async fn strangers(pooler: &Pgbouncer, database: &TestDatabase) -> Vec<PgConnection> {
    let options: PgConnectOptions = pooler.url(&database.name).parse().unwrap();
    let options = options.extra_float_digits(None);
    let mut all = Vec::new();
    for _ in 0..8 {
        let mut one = options.connect().await.unwrap();
        sqlx::raw_sql("begin").execute(&mut one).await.unwrap();
        all.push(one);
    }
    all
}

async fn asked(session: &mut PgConnection, sql: &str) -> String {
    let row = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_one(session).await.unwrap();
    row.try_get::<Option<String>, _>(0).unwrap().unwrap_or_default()
}

/// Nothing of a session of ours is on any session of the server's.
async fn nothing_is_left(pooler: &Pgbouncer, database: &TestDatabase) {
    let busy = "select count(*)::text from pg_stat_activity where datname = current_database() \
        and state like 'idle in%'";
    assert_eq!(database.value(busy).await.unwrap(), "0", "a transaction is open");
    for mut stranger in strangers(pooler, database).await {
        for (setting, untouched) in [
            ("default_transaction_read_only", "off"),
            ("transaction_read_only", "off"),
            ("statement_timeout", "0"),
            ("lock_timeout", "0"),
            ("idle_in_transaction_session_timeout", "0"),
            ("work_mem", "4MB"),
            ("search_path", "\"$user\", public"),
        ] {
            assert_eq!(asked(&mut stranger, &format!("show {setting}")).await, untouched, "{setting}");
        }
        assert_eq!(
            asked(&mut stranger, "select string_agg(name, ' ') from pg_prepared_statements").await,
            ""
        );
        let mine =
            "select count(*)::text from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()";
        assert_eq!(asked(&mut stranger, mine).await, "0");
        assert!(
            !asked(&mut stranger, "show application_name").await.contains('-'),
            "our mark is still there"
        );
    }
}

fn ok(state: &QueryState) {
    for statement in &state.statements {
        assert_eq!(statement.outcome, StatementOutcome::Done, "{:?}", statement.error);
    }
    assert!(!state.statements.is_empty() && state.error.is_none(), "{state:?}");
}

fn error(state: &QueryState) -> (String, String) {
    let error = state.statements.iter().find_map(|statement| statement.error.clone()).expect("it failed");
    (error.sqlstate.unwrap_or_default(), format!("{} {}", error.message, error.hint.unwrap_or_default()))
}

fn given(name: &str, value: Option<&str>) -> QueryParameter {
    QueryParameter { name: name.to_owned(), value: value.map(str::to_owned) }
}

#[tokio::test]
async fn reads_writes_and_parameters_work_and_nothing_is_left_behind() {
    for_each_version(|database| async move {
        let (pooler, profile) = behind(&database);
        let tab = tab(&profile).await;
        let first = tab
            .run("create table t (n int primary key, words text); insert into t values (1, 'a'), (2, null)")
            .await;
        ok(&first);
        assert!(first.notices.iter().any(|notice| notice.message.starts_with("Through ")), "{first:?}");
        assert_eq!(database.count("t").await, 2);
        let read = tab.run("select n, words from t order by n").await;
        ok(&read);
        assert_eq!(tab.texts(&read, 0).await, texts(&[&[Some("1"), Some("a")], &[Some("2"), None]]));
        assert_eq!((read.pid, read.transaction), (None, TransactionState::None));
        assert!(read.pooler.as_deref().is_some_and(|words| words.contains("transaction mode")), "{read:?}");
        let given = [given("least", Some("1")), given("2", None)];
        let bound = tab
            .run_with("select n, $2::text, :least + 1 from t where n > :least", QueryRange::All, &given)
            .await;
        ok(&bound);
        assert_eq!(tab.texts(&bound, 0).await, texts(&[&[Some("2"), None, Some("2")]]));
        let empty = tab.run("select n as nobody, words from t where n > 9").await;
        ok(&empty);
        let names: Vec<_> = empty.results[0].columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["nobody", "words"]);
        assert_eq!(tab.texts(&tab.run("show timezone").await, 0).await, texts(&[&[Some("UTC")]]));
        assert_eq!(tab.texts(&tab.run("show lock_timeout").await, 0).await, texts(&[&[Some("2s")]]));
        tab.database.close().await;
        nothing_is_left(&pooler, &database).await;
    })
    .await;
}

#[tokio::test]
async fn values_have_the_types_that_the_server_finds_and_nothing_stays_prepared() {
    for_each_version(|database| async move {
        database.run("create type mood as enum ('calm'); create table t (n int, m mood, at date)").await;
        let (pooler, profile) = behind(&database);
        let tab = tab(&profile).await;
        let values = [given("n", Some("2")), given("m", Some("calm")), given("d", Some("2026-01-31"))];
        for (sql, expected) in [
            ("insert into t values (:n, :m, :d) returning :n, m", [Some("2"), Some("calm")]),
            (
                "update t set n = n + :n where m = :m and at >= :d returning n, :d",
                [Some("4"), Some("2026-01-31")],
            ),
            (
                "select n, m from t where m = :m and at = :d order by :d, 1 limit :n",
                [Some("4"), Some("calm")],
            ),
            ("select n, m from t where m = :m and n > :n for update", [Some("4"), Some("calm")]),
            ("begin; select n, at + :n::int from t where at = :d; commit", [Some("4"), Some("2026-02-02")]),
        ] {
            let state = tab.run_with(sql, QueryRange::All, &values).await;
            ok(&state);
            assert_eq!(tab.texts(&state, 0).await, texts(&[&expected]), "{sql}");
        }
        let failed = tab.run_with("begin; select nix, :n::int", QueryRange::All, &values).await;
        assert_eq!((error(&failed).0.as_str(), failed.transaction), ("42703", TransactionState::Failed));
        tab.run("rollback").await;
        let wrong = tab.run_with("select 1 / (:n - 2)", QueryRange::All, &values).await;
        assert_eq!((error(&wrong).0.as_str(), wrong.transaction), ("22012", TransactionState::None));
        tab.database.close().await;
        nothing_is_left(&pooler, &database).await;
    })
    .await;
}

#[tokio::test]
async fn a_place_of_an_error_is_found_behind_a_value_that_was_written_in() {
    let database = any_database().await;
    let (_pooler, profile) = behind(&database);
    let text = "select :since || 'x', nothing";
    let state =
        tab(&profile).await.run_with(text, QueryRange::All, &[given("since", Some("it's\\long"))]).await;
    let place = state.statements[0].error.as_ref().unwrap().position;
    assert_eq!(place, u32::try_from(text.find("nothing").unwrap()).ok());
}

#[tokio::test]
async fn what_fails_is_taken_back_and_so_is_what_only_its_commit_finds_wrong() {
    let database = any_database().await;
    database.run("create table t (n int unique deferrable initially deferred)").await;
    let (pooler, profile) = behind(&database);
    let tab = tab(&profile).await;
    let failed = tab.run("insert into t select 7; insert into t select 1 / (n - 7) from t").await;
    assert_eq!(error(&failed).0, "22012");
    assert_eq!(database.count("t").await, 1);
    let late = tab.run("insert into t values (7)").await;
    assert_eq!((error(&late).0.as_str(), late.transaction), ("23505", TransactionState::None));
    assert_eq!(database.count("t").await, 1);
    ok(&tab.run("insert into t values (8)").await);
    tab.database.close().await;
    nothing_is_left(&pooler, &database).await;
}

#[tokio::test]
async fn a_large_result_streams() {
    let database = any_database().await;
    let (_pooler, profile) = behind(&database);
    let tab = tab(&profile).await;
    let state = tab.run("select n, repeat('x', 50) from generate_series(1, 300000) n").await;
    ok(&state);
    assert_eq!((state.results[0].rows, state.results[0].complete), (300_000, true));
    let last = tab.tabs.rows(&state.results[0].id, None, 299_999, 1).await.unwrap();
    assert_eq!(last.rows[0][0].as_ref().unwrap().text, "300000");
}

#[tokio::test]
async fn a_cancel_finds_the_session_that_runs_it_and_no_other() {
    let database = any_database().await;
    let (pooler, profile) = behind(&database);
    let tab = tab(&profile).await;
    let options: PgConnectOptions = pooler.url(&database.name).parse().unwrap();
    let mut stranger = options.extra_float_digits(None).connect().await.unwrap();
    let other =
        tokio::spawn(
            async move { sqlx::raw_sql("select pg_sleep(3), 'stranger'").execute(&mut stranger).await },
        );
    until_running(&database, "stranger", 1).await;
    let reply = tab.ask("select pg_sleep(600), 'sleeper'; select 2", QueryRange::All, &[]).await.unwrap();
    until_running(&database, "sleeper", 1).await;
    tab.session().cancel().await.unwrap();
    let state = tab.until_over(reply).await;
    let outcomes: Vec<_> = state.statements.iter().map(|statement| statement.outcome).collect();
    assert_eq!(outcomes, [StatementOutcome::Cancelled, StatementOutcome::Skipped], "{state:?}");
    until_running(&database, "sleeper", 0).await;
    other.await.unwrap().expect("the stranger's statement went on");
    ok(&tab.run("select 3").await);
    // In a transaction of the user's too, which stays.
    ok(&tab.run("create table t (n int); begin; insert into t values (1); savepoint s").await);
    let reply = tab.ask("select pg_sleep(600), 'second'", QueryRange::All, &[]).await.unwrap();
    until_running(&database, "second", 1).await;
    tab.session().cancel().await.unwrap();
    assert_eq!(tab.until_over(reply).await.transaction, TransactionState::Failed);
    ok(&tab.run("rollback to s; commit").await);
    assert_eq!(database.count("t").await, 1);
    tab.database.close().await;
    nothing_is_left(&pooler, &database).await;
}

#[tokio::test]
async fn a_transaction_of_the_users_has_one_session_and_the_connections_settings_until_it_ends() {
    let database = any_database().await;
    database.run("create table t (n int)").await;
    let (pooler, profile) = behind(&database);
    let tab = tab(&profile).await;
    let open = tab.run("begin isolation level serializable; insert into t values (1)").await;
    ok(&open);
    assert_eq!(open.transaction, TransactionState::Open);
    assert!(open.rollback_in_ms.is_some());
    assert_eq!(database.count("t").await, 0, "nobody sees it yet");
    let inside = tab.run("select count(*), current_setting('lock_timeout'), current_setting('transaction_isolation') from t").await;
    assert_eq!(
        tab.texts(&inside, 0).await,
        texts(&[&[Some("1"), Some("2s"), Some("serializable")]]),
        "{inside:?}"
    );
    ok(&tab.run("set local work_mem = '11MB'; create temp table mine on commit drop as select 1 as n").await);
    let kept = tab.run("select n, current_setting('work_mem') from mine").await;
    assert_eq!(tab.texts(&kept, 0).await, texts(&[&[Some("1"), Some("11MB")]]));
    let chained = tab.run("commit and chain; show lock_timeout").await;
    ok(&chained);
    assert_eq!(tab.texts(&chained, 0).await, texts(&[&[Some("2s")]]));
    assert_eq!((chained.transaction, database.count("t").await), (TransactionState::Open, 1));
    ok(&tab.run("insert into t values (2); rollback").await);
    assert_eq!((tab.session().state().transaction, database.count("t").await), (TransactionState::None, 1));
    ok(&tab.run("begin; set transaction isolation level repeatable read; insert into t values (3)").await);
    tab.session().end_transaction(QueryTransactionAction::Commit).await.unwrap();
    assert_eq!(database.count("t").await, 2);
    // The server says what it says to everybody.
    assert_eq!(error(&tab.run("savepoint s").await).0, "25P01");
    assert_eq!(error(&tab.run("lock table t").await).0, "25P01");
    let failed = tab.run("begin; select 1 / 0").await;
    assert_eq!(failed.transaction, TransactionState::Failed);
    tab.run("select 1").await;
    ok(&tab.run("commit").await);
    assert_eq!(tab.session().state().transaction, TransactionState::None);
    ok(&tab.run("select 1").await);
    tab.database.close().await;
    nothing_is_left(&pooler, &database).await;
}

#[tokio::test]
async fn read_only_holds_on_a_session_that_the_next_client_may_write_on() {
    let database = any_database().await;
    database
        .run("create table t (n int); create function sly() returns int language sql as 'insert into t values (1) returning n'")
        .await;
    let (pooler, mut profile) = behind(&database);
    profile.writes = Some(evaldesk_core::connection::WriteMode::Free);
    let tab = tab(&profile).await;
    for text in ["select sly()", "do $$ begin perform sly(); end $$"] {
        let mut request = Tab::request(text, QueryRange::All, &[]);
        request.read_only = true;
        let refused = tab.session().run(&tab.database, request).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Refused, "{text}");
    }
    // What the guard lets in, the server still does not let write.
    database.run("create view harmless as select 1 as n").await;
    for text in ["select n, current_setting('transaction_read_only') from harmless", "begin"] {
        let mut request = Tab::request(text, QueryRange::All, &[]);
        request.read_only = true;
        let reply = tab.session().run(&tab.database, request).await.unwrap();
        let state = tab.until_over(reply).await;
        ok(&state);
        if let Some(rows) = state.results.first() {
            let row = tab.tabs.rows(&rows.id, None, 0, 1).await.unwrap();
            assert_eq!(row.rows[0][1].as_ref().unwrap().text, "on");
        }
    }
    assert_eq!(error(&tab.run("insert into t values (2)").await).0, "25006", "the transaction only reads");
    ok(&tab.run("rollback; insert into t values (3)").await);
    assert_eq!(database.count("t").await, 1);
    tab.database.close().await;
    nothing_is_left(&pooler, &database).await;
}

#[tokio::test]
async fn what_needs_a_session_is_refused_before_it_is_sent_with_why_and_where_to_go() {
    let database = any_database().await;
    database.run("create table t (n int)").await;
    let (pooler, profile) = behind(&database);
    let tab = tab(&profile).await;
    let server = format!("127.0.0.1:{}", database.cluster().port());
    for (text, why) in [
        ("set work_mem = '1GB'", "set local"),
        ("select 1; vacuum t", "inside of a transaction"),
        ("create index concurrently i on t (n)", "inside of a transaction"),
        ("create database other", "inside of a transaction"),
        ("create temp table x (n int)", "on commit drop"),
        ("select pg_advisory_lock(1)", "pg_advisory_xact_lock"),
        ("prepare q as select 1", ":name"),
    ] {
        let refused = tab.ask(text, QueryRange::All, &[]).await.unwrap_err();
        let words = format!("{} {}", refused.message(), refused.hint_text().unwrap_or_default());
        assert_eq!(refused.kind(), ErrorKind::Refused, "{text}: {words}");
        for expected in [why, "PgBouncer", &server] {
            assert!(words.contains(expected), "{text}: {words}");
        }
    }
    // What cannot be seen in the text fails on the server, and says the same.
    database.run("create procedure commits() language plpgsql as $$ begin commit; end $$").await;
    let (sqlstate, words) = error(&tab.run("call commits()").await);
    assert_eq!(sqlstate, "2D000");
    assert!(words.contains(&server), "{words}");
    nothing_is_left(&pooler, &database).await;
}

#[tokio::test]
async fn a_forgotten_transaction_and_a_closed_tab_give_the_session_back() {
    let database = any_database().await;
    database.run("create table t (n int)").await;
    let (pooler, mut profile) = behind(&database);
    profile.timeouts.idle_in_transaction_ms = 200;
    let tab = tab(&profile).await;
    let open = tab.run("begin; insert into t values (1)").await;
    assert_eq!(open.transaction, TransactionState::Open);
    tab.until(|state| state.transaction == TransactionState::None).await;
    assert_eq!(database.count("t").await, 0);
    ok(&tab.run("insert into t values (2)").await);
    assert_eq!(database.count("t").await, 1, "and what comes after is kept");
    tab.ask("begin; select pg_sleep(600), 'closed'", QueryRange::All, &[]).await.unwrap();
    until_running(&database, "closed", 1).await;
    tab.tabs.close("tab").await;
    until_running(&database, "closed", 0).await;
    let open = format!(
        "select count(*) from pg_stat_activity where datname = '{}' and state like 'idle in%'",
        database.name
    );
    for _ in 0..200 {
        if database.value(&open).await.as_deref() == Some("0") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tab.database.close().await;
    nothing_is_left(&pooler, &database).await;
}

#[tokio::test]
async fn a_tab_whose_session_in_a_transaction_is_ended_says_so_and_opens_another() {
    let database = any_database().await;
    let (_pooler, profile) = behind(&database);
    let tab = tab(&profile).await;
    ok(&tab.run("create table t (n int); begin; insert into t values (1)").await);
    let ends = format!(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '{}' and state = 'idle in transaction'",
        database.name
    );
    assert_eq!(database.value(&ends).await.as_deref(), Some("1"));
    let lost = tab.run("insert into t values (2)").await;
    assert_eq!((lost.phase, lost.transaction), (QueryPhase::Lost, TransactionState::None), "{lost:?}");
    assert_eq!(database.count("t").await, 0);
    ok(&tab.run("select 1").await);
}

#[tokio::test]
async fn in_session_mode_a_tab_has_a_session_of_its_own() {
    let database = any_database().await;
    let settings = PoolerSettings { pool_mode: "session", admin_users: "postgres", ignored: "options" };
    let pooler = Pgbouncer::before(database.cluster(), settings);
    let tab = tab(&parse_url(&pooler.url(&database.name)).unwrap().profile).await;
    ok(&tab.run("set work_mem = '9MB'; create temp table mine (n int)").await);
    let state = tab.run("select count(*), current_setting('work_mem') from mine").await;
    assert_eq!(tab.texts(&state, 0).await, texts(&[&[Some("0"), Some("9MB")]]));
    assert!(state.pid.is_some() && state.pooler.is_none(), "{state:?}");
}

#[tokio::test]
async fn cells_are_edited_and_a_whole_result_is_exported_and_nothing_is_left_behind() {
    let database = any_database().await;
    database
        .run("create table t (n int primary key, at timestamptz); insert into t values (1, now()), (2, null)")
        .await;
    let (pooler, profile) = behind(&database);
    let tab = tab(&profile).await;
    let state = tab.run("select n, at from t order by n").await;
    ok(&state);
    let result = &state.results[0];
    assert!(matches!(result.edit, QueryEditable::Editable { .. }), "{:?}", result.edit);
    let edits = [QueryEdit::Update { row: 1, column: 1, value: Some("2026-01-02 03:04:05+00".into()) }];
    let plan = tab.tabs.edit_plan(&tab.database, &result.id, &edits).await.unwrap();
    let consent = QueryConsent { hash: plan.hash, name: plan.name };
    tab.tabs.edit_apply(&tab.database, &result.id, &edits, &consent).await.unwrap();
    let changed = "select at = '2026-01-02 03:04:05Z' from t where n = 2";
    assert_eq!(database.value(changed).await.as_deref(), Some("true"));
    let path = tab.folder().join("t.csv");
    let request = QueryExportRequest {
        text: "select at from t where n = :n".into(),
        parameters: vec![given("n", Some("2"))],
        format: QueryExportFormat::Csv,
        table: None,
    };
    let place = ExportPlace { path: path.clone(), overwrite: false };
    let clock = FixedClock("2026-03-01T00:00:00Z".parse().unwrap());
    export_query(&tab.database, &request, &place, &clock, &JobContext::detached()).await.unwrap();
    assert!(std::fs::read_to_string(&path).unwrap().contains("2026-01-02 03:04:05+00"));
    tab.database.close().await;
    nothing_is_left(&pooler, &database).await;
}

#[tokio::test]
async fn what_others_have_left_on_the_session_does_not_count_for_a_tab() {
    let database = any_database().await;
    database.run("create role pooled_guest; create schema trap; create table trap.t (n int); create table t (n int)").await;
    database.run("insert into trap.t values (666); insert into t values (1)").await;
    let (pooler, profile) = behind(&database);
    let tab = tab(&profile).await;
    let options: PgConnectOptions = pooler.url(&database.name).parse().unwrap();
    for left in [
        "set search_path = trap, pg_catalog",
        "set standard_conforming_strings = off",
        "set row_security = off",
        "grant usage on schema public to pooled_guest; set role pooled_guest",
    ] {
        let mut stranger = options.clone().extra_float_digits(None).connect().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(left.to_owned())).execute(&mut stranger).await.unwrap();
    }
    let mut other = options.extra_float_digits(None).connect().await.unwrap();
    assert_eq!(asked(&mut other, "show search_path").await, "trap, pg_catalog", "it counts for others");
    drop(other);
    let state = tab.run("select n, current_user = session_user, 'a\\' from t").await;
    ok(&state);
    assert_eq!(tab.texts(&state, 0).await, texts(&[&[Some("1"), Some("t"), Some("a\\")]]));
    let inside = tab.run("begin; select n, current_user = session_user from t; commit").await;
    ok(&inside);
    assert_eq!(tab.texts(&inside, 0).await, texts(&[&[Some("1"), Some("t")]]));
}
