//! Rehearsals on copies: nothing of them stays, and what runs outside of a transaction is measured too.

use std::time::Duration;

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::Database;
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{
    Agreement, Rehearsal, RehearsalMeans, RehearsalPlace, RehearsalRequest, RehearsedOutcome,
    migration_status, rehearse,
};
use evaldesk_core::{Error, sql::LockMode};
use support::{empty_database, engine, no_copy_is_left, usual, versions};

use super::{context, planned};

const SCHEMA: &str = "create table t (id int primary key, kind text);
    insert into t select g, 'x' from generate_series(1, 1000) as g; create index t_kind on t (kind); analyze";

const UP: &str = "-- evaldesk: no-transaction
    create index concurrently t_kind_id on t (kind, id);
    drop index concurrently t_kind;
    reindex index concurrently t_kind_id;
    alter table t add constraint t_kind_id unique using index t_unique;
    vacuum t;";

fn means(folder: &tempfile::TempDir) -> RehearsalMeans {
    let found = ["/usr/lib/postgresql/15/bin", "/usr/bin", "/usr/local/bin"].map(Into::into);
    let beside = engine(17).folder.join("bin");
    RehearsalMeans { tools: found.into_iter().chain([beside]).collect(), folder: folder.path().to_owned() }
}

async fn on(database: &Database, up: &str, place: RehearsalPlace) -> Result<Rehearsal, Error> {
    let folder = tempfile::tempdir().unwrap();
    let context = context(up);
    let plan = planned(database, &context).await;
    let request = RehearsalRequest { place, ..RehearsalRequest::default() };
    let done = rehearse(database, &context, &plan, &request, &means(&folder), &JobContext::detached()).await;
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the password file is gone");
    done
}

#[tokio::test]
async fn what_cannot_run_in_a_transaction_runs_for_real_on_a_copy_and_its_locks_show() {
    for major in versions() {
        let test = empty_database(major).await;
        test.run(SCHEMA).await;
        let up = UP.replace("    alter table t add constraint t_kind_id unique using index t_unique;\n", "");
        let done = on(&test.open().await, &up, RehearsalPlace::Clone).await.unwrap();
        for one in &done.statements {
            assert_eq!(
                (one.outcome, one.agreement),
                (RehearsedOutcome::Ran, Agreement::Agreed),
                "{major} {one:#?}"
            );
            let table = one.locks.iter().find(|lock| lock.relation == "t").unwrap();
            assert_eq!(table.mode, LockMode::ShareUpdateExclusive, "{one:#?}");
        }
        assert_eq!(done.statements[0].changes, ["index t_kind_id added: btree (kind, id)"]);
        assert_eq!(test.value("select to_regclass('t_kind_id') is null").await.as_deref(), Some("true"));
        no_copy_is_left(&test).await;
    }
}

/// A screen looks in again and again, and a session of ours is busy for longer than others are waited for.
#[tokio::test]
async fn a_clone_waits_for_our_own_sessions_however_many_come() {
    let test = empty_database(usual()).await;
    test.run("create table t (id int primary key)").await;
    let database = test.open().await;
    let mut busy = database.dedicated().await.unwrap();
    let slow =
        tokio::spawn(async move { sqlx::query("select pg_sleep(3)").execute(&mut busy).await.map(|_| ()) });
    let screen = tokio::spawn({
        let database = database.clone();
        async move {
            loop {
                let _ = sqlx::query("select 1").execute(database.pool()).await;
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
        }
    });
    let done = on(&database, "alter table t add note text", RehearsalPlace::Clone).await.unwrap();
    assert_eq!(done.statements[0].outcome, RehearsedOutcome::Ran);
    screen.abort();
    slow.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_failure_on_the_copy_is_the_answer_and_the_copy_goes() {
    let test = empty_database(usual()).await;
    test.run(SCHEMA).await;
    let done = on(&test.open().await, UP, RehearsalPlace::Clone).await.unwrap();
    let outcomes: Vec<_> = done.statements.iter().map(|one| one.outcome).collect();
    let ran = RehearsedOutcome::Ran;
    assert_eq!(outcomes, [ran, ran, ran, RehearsedOutcome::Failed, RehearsedOutcome::NotReached]);
    no_copy_is_left(&test).await;
}

#[tokio::test]
async fn a_copy_of_the_schema_has_no_rows_and_disturbs_nobody() {
    let test = empty_database(15).await;
    test.run(SCHEMA).await;
    let mut other = test.session().await;
    sqlx::raw_sql("begin; select count(*) from t").execute(&mut other).await.unwrap();
    let up = "do $$ begin if (select count(*) from t) > 0 then raise 'rows'; end if; end $$;
        alter table t add column a int not null default 1; create index on t (a)";
    let done = on(&test.open().await, up, RehearsalPlace::Schema).await.unwrap();
    assert_eq!(done.summary.words, "all 3 ran, locks as planned", "{done:#?}");
    no_copy_is_left(&test).await;
}

#[tokio::test]
async fn a_database_with_others_in_it_is_not_copied_and_they_are_named() {
    let test = empty_database(usual()).await;
    let mut other = test.session().await;
    sqlx::raw_sql("set application_name = 'etl'").execute(&mut other).await.unwrap();
    let error = on(&test.open().await, "create table a (id int)", RehearsalPlace::Clone).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Precondition);
    assert!(error.message().contains("etl"), "{error}");
    no_copy_is_left(&test).await;
}

#[tokio::test]
async fn a_role_that_may_not_make_databases_is_told_so() {
    let test = empty_database(usual()).await;
    test.run("create role homely login password 'p'; grant all on schema public to homely").await;
    let database = Database::from_url(&test.url_as("homely", "p")).await.unwrap();
    let error = on(&database, "create table a (id int)", RehearsalPlace::Schema).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(error.message().contains("homely"), "{error}");
    assert!(error.hint_text().unwrap().contains("alter role \"homely\" createdb"), "{:?}", error.hint_text());
    let status = migration_status(&database, &context("create table a (id int)")).await.unwrap();
    assert!(status.no_copy.unwrap().starts_with("homely may not create a database."), "before it is chosen");
    let status = migration_status(&test.open().await, &context("create table a (id int)")).await.unwrap();
    assert_eq!(status.no_copy, None);
}
