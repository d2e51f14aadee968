//! What a rehearsal leaves behind (nothing), what it says, and how it ends.

use std::time::{Duration, Instant};

use evaldesk_core::ErrorKind;
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{
    Agreement, RehearsalMeans, RehearsalRequest, RehearsedOutcome, rehearsals, rehearse,
};
use evaldesk_core::sql::LockMode;
use support::{any_database, empty_database, usual};

use super::{context, planned, rehearsed};

#[tokio::test]
async fn nothing_of_it_stays_and_the_changes_are_told() {
    let test = any_database().await;
    let database = test.open().await;
    let up = "create table extra (id int primary key, name text);
        alter table evaluation_runs add column owner text not null default 'nobody';
        alter table evaluation_runs rename column name to title;
        create index on evaluation_runs (owner)";
    let done = rehearsed(&database, up).await;
    assert_eq!(done.summary.words, "all 4 ran, locks as planned", "{done:#?}");
    assert!(done.summary.passed && done.problems.is_empty());
    let changes: Vec<_> = done.statements.iter().map(|one| one.changes.clone()).collect();
    assert_eq!(changes[0], ["table extra added, with 2 columns"]);
    assert_eq!(changes[1], ["column evaluation_runs.owner added: text not null default 'nobody'::text"]);
    assert_eq!(changes[2][0], "column evaluation_runs.name renamed to evaluation_runs.title");
    assert_eq!(changes[3], ["index evaluation_runs_owner_idx added: btree (owner)"]);
    assert_eq!(test.value("select to_regclass('extra') is null").await.as_deref(), Some("true"));
    let kept = "select count(*) from pg_attribute where attrelid = 'evaluation_runs'::regclass and attname = 'owner'";
    assert_eq!(test.value(kept).await.as_deref(), Some("0"));
    assert!(done.notes[0].contains("really taken"), "{:?}", done.notes);
}

#[tokio::test]
async fn a_weaker_lock_beside_one_that_is_held_does_not_pass_for_a_milder_plan() {
    let test = empty_database(usual()).await;
    test.run("create table t (id int primary key, value int)").await;
    let database = test.open().await;
    let done =
        rehearsed(&database, "alter table t add note text; alter table t alter value type bigint").await;
    let second = &done.statements[1];
    assert_eq!((second.agreement, second.differences.len()), (Agreement::Agreed, 0), "{second:#?}");
    let held: Vec<_> =
        second.locks.iter().map(|lock| (lock.relation.as_str(), lock.mode, lock.held_before)).collect();
    assert_eq!(held, [("t", LockMode::AccessExclusive, true)]);
}

#[tokio::test]
async fn a_statement_that_fails_is_the_answer_and_no_error() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let done = rehearsed(&database, "create table a (id int); select 1 / 0; create table b (id int)").await;
    let outcomes: Vec<_> = done.statements.iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [RehearsedOutcome::Ran, RehearsedOutcome::Failed, RehearsedOutcome::NotReached]);
    assert_eq!(done.summary.words, "stopped at statement 2 of 1: division by zero");
    assert!(!done.summary.passed);
}

#[tokio::test]
async fn what_cannot_run_in_a_transaction_is_left_out_and_what_needs_it_is_no_failure() {
    let test = empty_database(usual()).await;
    test.run("create table t (id int not null)").await;
    let database = test.open().await;
    let up = "-- evaldesk: no-transaction\ncreate unique index concurrently t_id on t (id);\n
        alter table t add constraint t_id unique using index t_id;\nalter table t add column a int;";
    let done = rehearsed(&database, up).await;
    let outcomes: Vec<_> = done.statements.iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [RehearsedOutcome::Skipped, RehearsedOutcome::Depends, RehearsedOutcome::Ran]);
    assert_eq!(done.summary.words, "1 of 3 ran, locks as planned; 2 were left out");
    assert!(done.summary.passed);
}

#[tokio::test]
async fn a_lock_that_another_holds_ends_it_soon_and_the_holder_is_named() {
    let test = empty_database(usual()).await;
    test.run("create table t (id int)").await;
    let database = test.open().await;
    let mut other = test.session().await;
    sqlx::raw_sql("set application_name = 'etl'; begin; lock table t in share mode")
        .execute(&mut other)
        .await
        .unwrap();
    let context = context("alter table t add column a int");
    let plan = planned(&database, &context).await;
    let request = RehearsalRequest { lock_timeout_ms: 600, ..RehearsalRequest::default() };
    let begun = Instant::now();
    let done =
        rehearse(&database, &context, &plan, &request, &RehearsalMeans::default(), &JobContext::detached())
            .await
            .unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5));
    let note = done.statements[0].note.clone().unwrap();
    assert_eq!(done.statements[0].outcome, RehearsedOutcome::Failed);
    assert!(note.contains("etl") && note.contains("in the way"), "{note}");
    assert_eq!(done.statements[0].agreement, Agreement::NotMeasured);
}

#[tokio::test]
async fn a_cancel_reaches_the_statement_and_leaves_no_lock() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let context = context("create table a (id int); select pg_sleep(60)");
    let plan = planned(&database, &context).await;
    let job = JobContext::detached();
    let later = job.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(400)).await;
        later.cancel();
    });
    let error =
        rehearse(&database, &context, &plan, &RehearsalRequest::default(), &RehearsalMeans::default(), &job)
            .await
            .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
    let locks = "select count(*) from pg_locks where locktype = 'relation' and relation >= 16384";
    assert_eq!(test.value(locks).await.as_deref(), Some("0"));
}

#[tokio::test]
async fn a_statement_that_ends_the_transaction_is_not_sent() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let up = "-- evaldesk: no-transaction\ncreate table a (id int); do $$ begin commit; end $$; create table b (id int)";
    let done = rehearsed(&database, up).await;
    let outcomes: Vec<_> = done.statements.iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [RehearsedOutcome::Ran, RehearsedOutcome::Skipped, RehearsedOutcome::Ran]);
    assert_eq!(test.value("select to_regclass('a') is null").await.as_deref(), Some("true"));
}

#[tokio::test]
async fn rehearsals_are_kept_for_the_plan_that_they_were_of() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let folder = tempfile::tempdir().unwrap();
    let mut context = context("create table a (id int)");
    context.log_folder = Some(folder.path().to_owned());
    let plan = planned(&database, &context).await;
    assert!(rehearsals(&database, &context).await.unwrap().is_empty());
    let done = rehearse(
        &database,
        &context,
        &plan,
        &RehearsalRequest::default(),
        &RehearsalMeans::default(),
        &JobContext::detached(),
    )
    .await
    .unwrap();
    let kept = rehearsals(&database, &context).await.unwrap();
    assert_eq!(kept, [done.summary]);
    assert_eq!(kept[0].plan_hash, plan.hash);
}

#[tokio::test]
async fn a_deferred_check_speaks_before_the_end() {
    let test = empty_database(usual()).await;
    test.run("create table p (id int primary key); create table c (p int references p deferrable initially deferred)").await;
    let database = test.open().await;
    let done = rehearsed(&database, "insert into c values (7)").await;
    assert!(!done.summary.passed);
    assert!(done.problems[0].starts_with("at the commit: "), "{:?}", done.problems);
}

#[tokio::test]
async fn a_plan_that_is_stale_is_not_rehearsed() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let context = context("create table a (id int)");
    let mut plan = planned(&database, &context).await;
    plan.hash = "other".to_owned();
    let request = RehearsalRequest::default();
    let error =
        rehearse(&database, &context, &plan, &request, &RehearsalMeans::default(), &JobContext::detached())
            .await
            .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StalePlan);
}
