//! A version that broke off half-way: on with it from where it stopped, or back.

use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{
    MigrationContext, MigrationOutcome, MigrationPlan, MigrationRequest, MigrationSet, MigrationState,
    MigrationStatusRow, StatementPurpose, Version, apply_migrate, migration_status, plan_migrate,
};
use evaldesk_core::{Error, ErrorKind};
use support::{TestDatabase, empty_database, for_each_version, usual};

/// A database and the files of one version, with a log in the database.
struct Broken {
    test: TestDatabase,
    context: MigrationContext,
}

impl Broken {
    async fn with(test: TestDatabase, up: &str, down: &str) -> Self {
        let files = [("1_a.up.sql", up.as_bytes()), ("1_a.down.sql", down.as_bytes())];
        let mut context = MigrationContext::new(MigrationSet::from_files("test", files).unwrap());
        context.own_schema = true;
        let broken = Self { test, context };
        broken.run(MigrationRequest::Up).await.unwrap_err();
        assert_eq!(broken.row().await.state, MigrationState::Partial);
        broken
    }

    async fn plan(&self, request: MigrationRequest) -> Result<MigrationPlan, Error> {
        plan_migrate(&self.test.open().await, &self.context, request).await
    }

    async fn run(&self, request: MigrationRequest) -> Result<MigrationOutcome, Error> {
        let (database, plan) = (self.test.open().await, self.plan(request).await?);
        apply_migrate(&database, &self.context, &plan, &JobContext::detached()).await
    }

    async fn row(&self) -> MigrationStatusRow {
        migration_status(&self.test.open().await, &self.context).await.unwrap().migrations.remove(0)
    }
}

fn resume() -> MigrationRequest {
    MigrationRequest::Resume { version: Version::new("1") }
}

fn undo() -> MigrationRequest {
    MigrationRequest::Undo { version: Version::new("1") }
}

#[tokio::test]
async fn a_version_goes_on_at_the_statement_that_broke_and_repeats_none() {
    let up = "-- evaldesk: no-transaction\ncreate table a (id int);\ninsert into a values (1);\ninsert into missing values (1);\ninsert into a values (2)";
    let broken = Broken::with(empty_database(usual()).await, up, "drop table a").await;
    let partial = broken.row().await.partial.unwrap();
    assert_eq!((partial.done, partial.total, partial.open), (2, 4, None));
    broken.test.run("create table missing (id int)").await;
    let plan = broken.plan(resume()).await.unwrap();
    assert_eq!(plan.steps[0].statements.len(), 2);
    assert!(plan.notices.contains(&"It goes on at statement 3 of 4.".to_owned()), "{:?}", plan.notices);
    broken.run(resume()).await.unwrap();
    assert_eq!(broken.row().await.state, MigrationState::Up);
    assert_eq!(broken.test.count("a").await, 2);
    let error = broken.plan(resume()).await.unwrap_err();
    assert!(error.message().contains("did not break off"), "{error}");
}

#[tokio::test]
async fn a_build_that_broke_is_cleared_away_and_begun_anew() {
    for_each_version(|test| async move {
        test.run("create table t (id int); insert into t values (1), (1)").await;
        let up = "-- evaldesk: no-transaction\nselect 1;\ncreate unique index concurrently i on t (id)";
        let broken = Broken::with(test, up, "-- evaldesk: no-transaction\ndrop index concurrently i").await;
        assert_eq!(broken.row().await.partial.unwrap().open, Some(1));
        broken.test.run("delete from t").await;
        let plan = broken.plan(resume()).await.unwrap();
        let purposes: Vec<_> = plan.steps[0].statements.iter().map(|one| one.purpose).collect();
        assert_eq!(purposes, [StatementPurpose::Leftover, StatementPurpose::Migration]);
        broken.run(resume()).await.unwrap();
        assert_eq!(broken.row().await.state, MigrationState::Up);
        let valid = "select indisvalid from pg_index where indexrelid = 'i'::regclass";
        assert_eq!(broken.test.value(valid).await.as_deref(), Some("true"));
    })
    .await;
}

#[tokio::test]
async fn an_index_that_is_there_and_valid_counts_as_done() {
    let test = empty_database(usual()).await;
    test.run("create table t (id int); insert into t values (1), (1)").await;
    let up = "-- evaldesk: no-transaction\ncreate unique index concurrently i on t (id);\nselect 2";
    let broken = Broken::with(test, up, "drop index i").await;
    broken.test.run("delete from t; drop index i; create unique index i on t (id)").await;
    let plan = broken.plan(resume()).await.unwrap();
    assert!(
        plan.notices[0].contains("Statement 1 was sent when it broke off, and came to its end"),
        "{:?}",
        plan.notices
    );
    assert_eq!(plan.steps[0].statements.len(), 1);
    broken.run(resume()).await.unwrap();
    assert_eq!(broken.row().await.state, MigrationState::Up);
}

/// A build goes into the schema of its table, wherever names are looked up.
#[tokio::test]
async fn an_index_in_another_schema_is_looked_for_there() {
    let test = empty_database(usual()).await;
    test.run("create schema app; create table app.t (id int); insert into app.t values (1), (1); create table t (id int); create index i on t (id)").await;
    let up = "-- evaldesk: no-transaction\ncreate unique index concurrently i on app.t (id)";
    let broken = Broken::with(test, up, "drop index app.i").await;
    let plan = broken.plan(resume()).await.unwrap();
    assert_eq!(plan.steps[0].statements[0].sql, "drop index concurrently \"app\".\"i\"");
    broken.test.run("delete from app.t; drop index app.i; create unique index i on app.t (id)").await;
    assert_eq!(broken.plan(resume()).await.unwrap().steps[0].statements.len(), 0);
    broken.run(resume()).await.unwrap();
    assert_eq!(broken.row().await.state, MigrationState::Up);
}

#[tokio::test]
async fn settings_that_the_file_made_before_the_break_are_made_again() {
    let test = empty_database(usual()).await;
    test.run("create schema elsewhere").await;
    let up = "-- evaldesk: no-transaction\nset search_path = elsewhere;\ncreate table a (id int);\ninsert into missing values (1);\ncreate table b (id int)";
    let broken = Broken::with(test, up, "drop table elsewhere.a").await;
    broken.test.run("create table elsewhere.missing (id int)").await;
    broken.run(resume()).await.unwrap();
    assert_eq!(
        broken.test.value("select to_regclass('elsewhere.b') is null").await.as_deref(),
        Some("false")
    );
    assert_eq!(broken.row().await.state, MigrationState::Up);
}

#[tokio::test]
async fn taking_it_back_passes_over_what_was_never_made_and_tells_it() {
    for head in ["", "-- evaldesk: no-transaction\n"] {
        let up = "-- evaldesk: no-transaction\ncreate table a (id int);\nselect 1 / 0;\ncreate function f() returns int language sql as 'select 1'";
        let down =
            format!("{head}drop function f();\ndrop table never_made;\ndelete from nowhere;\ndrop table a");
        let broken = Broken::with(empty_database(usual()).await, up, &down).await;
        let outcome = broken.run(undo()).await.unwrap();
        let told = outcome.applied[0].passed_over.join("\n");
        assert!(
            told.contains("function f() does not exist") && told.contains("\"nowhere\" does not exist"),
            "{told}"
        );
        assert_eq!(broken.test.value("select to_regclass('a') is null").await.as_deref(), Some("true"));
        let row = broken.row().await;
        assert_eq!((row.state, row.partial), (MigrationState::Down, None));
    }
}

#[tokio::test]
async fn an_error_that_is_no_missing_object_stops_the_way_back() {
    let up = "-- evaldesk: no-transaction\ncreate table a (id int);\nselect 1 / 0";
    let broken = Broken::with(empty_database(usual()).await, up, "select 1 / 0; drop table a").await;
    let error = broken.run(undo()).await.unwrap_err();
    assert_eq!(error.server().unwrap().sqlstate, "22012");
    assert_eq!(broken.row().await.state, MigrationState::Partial);
    assert_eq!(broken.test.value("select to_regclass('a') is null").await.as_deref(), Some("false"));
}

#[tokio::test]
async fn a_way_back_that_breaks_is_itself_resumed() {
    let up = "-- evaldesk: no-transaction\ncreate table a (id int);\ncreate table b (id int);\nselect 1 / 0";
    let down = "-- evaldesk: no-transaction\ndrop table b;\ninsert into missing values (1);\ndrop table never_made;\ndrop table a";
    let broken = Broken::with(empty_database(usual()).await, up, down).await;
    // A cell of the way back that is no missing object.
    broken.test.run("create table missing (id int check (id > 1))").await;
    broken.run(undo()).await.unwrap_err();
    let partial = broken.row().await.partial.unwrap();
    assert_eq!((partial.done, partial.total), (1, 4));
    broken.test.run("alter table missing drop constraint missing_id_check").await;
    broken.run(resume()).await.unwrap();
    assert_eq!(broken.row().await.state, MigrationState::Down);
    assert_eq!(broken.test.value("select to_regclass('a') is null").await.as_deref(), Some("true"));
}

#[tokio::test]
async fn a_way_down_that_broke_is_not_undone_by_writing_rows_twice() {
    let up = "create table a (id int); insert into a values (1)";
    let down = "-- evaldesk: no-transaction\nselect 1;\nselect 1 / 0;\ndrop table a";
    let files = [("1_a.up.sql", up.as_bytes()), ("1_a.down.sql", down.as_bytes())];
    let mut context = MigrationContext::new(MigrationSet::from_files("test", files).unwrap());
    context.own_schema = true;
    let broken = Broken { test: empty_database(usual()).await, context };
    broken.run(MigrationRequest::Up).await.unwrap();
    broken.run(MigrationRequest::Down { version: Version::new("1") }).await.unwrap_err();
    assert_eq!(broken.row().await.state, MigrationState::Partial);
    let error = broken.plan(undo()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Precondition);
    assert!(
        error.message().contains("writes rows") && error.hint_text().unwrap().contains("resume"),
        "{error}"
    );
}
