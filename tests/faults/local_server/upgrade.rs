//! Moving the local data to another major: everything arrives, the old folder stays, and a failure costs nothing.

use evaldesk_core::ErrorKind;
use evaldesk_core::job::JobContext;
use evaldesk_core::server::local::{Endpoint, LeaseKind, StopMode};

use super::Place;
use super::place::{assert_row, leave_a_row, password, session};

/// The major that the product ships, with its client programs beside it.
const TARGET: u32 = 17;

/// A cluster of 15, and the engine of the target beside.
async fn place_of_fifteen() -> (Place, Endpoint) {
    let mut place = Place::with_engines(&[15]);
    let endpoint = place.start().await;
    leave_a_row(&endpoint).await;
    place.config.engine_search.push(support::engine(TARGET).folder.join("bin"));
    (place, endpoint)
}

const BELONGINGS: &str = "
create extension pg_trgm;
create schema other;
create sequence other.numbers;
select setval('other.numbers', 77);
create type mood as enum ('calm', 'dense');
create table other.texts (id int primary key generated always as identity, body text, at timestamptz default now(), how mood);
insert into other.texts (body, how) select 'naïve ' || n, 'dense' from generate_series(1, 5000) n;
create index on other.texts using gin (body gin_trgm_ops);
create role analyst login password 'x1 y2' connection limit 3;
create role readers;
grant readers to analyst;
grant select on other.texts to readers;
alter role analyst set search_path to other, public;
create table \"Odd \"\"name\"\"\" (j jsonb);
insert into \"Odd \"\"name\"\"\" values ('{\"a\": null}'), (null);
";

#[tokio::test]
async fn everything_arrives_and_the_old_folder_stays() {
    let (place, endpoint) = place_of_fifteen().await;
    sqlx::raw_sql(BELONGINGS).execute(&mut session(&endpoint).await).await.unwrap();
    sqlx::raw_sql("create database \"a 'b'=c\"").execute(&mut session(&endpoint).await).await.unwrap();
    sqlx::raw_sql("alter system set work_mem = '7MB'").execute(&mut session(&endpoint).await).await.unwrap();
    let (server, job) = (place.server(), JobContext::detached());
    let plan = server.plan_upgrade(Some(17)).await.unwrap();
    assert_eq!((plan.from.major, plan.to.major, plan.dump.major), (15, 17, 17));
    let outcome = server.apply_upgrade(&plan, &password(), &job).await.unwrap();
    assert!(outcome.kept.join("PG_VERSION").exists());
    assert_eq!(outcome.settings_left, ["work_mem = 7MB"]);
    let texts = outcome.tables.iter().find(|check| check.table.contains("texts")).unwrap();
    assert_eq!(texts.rows, 5000);
    let endpoint = place.start().await;
    assert_eq!(endpoint.version.major, 17);
    assert_row(&endpoint).await;
    let mut session = session(&endpoint).await;
    let arrived: (i64, String, bool, i64) = sqlx::query_as(
        "select (select last_value from other.numbers),
           (select array_to_string(setconfig, ';') from pg_db_role_setting where setrole = 'analyst'::regrole),
           has_table_privilege('analyst', 'other.texts', 'select'),
           (select count(*) from pg_database where datname = 'a ''b''=c')",
    )
    .fetch_one(&mut session)
    .await
    .unwrap();
    assert_eq!(arrived, (77, "search_path=other, public".to_owned(), true, 1));
    let home = outcome.kept.parent().unwrap();
    let left: Vec<_> =
        ["upgrade.dump", "passfile.tmp", "data.upgrade"].map(|name| home.join(name).exists()).into();
    assert_eq!(left, [false; 3]);
}

#[tokio::test]
async fn a_failed_upgrade_leaves_the_old_data_as_it_was() {
    let (place, endpoint) = place_of_fifteen().await;
    // Restoring fills it again, and on the new major that fails.
    sqlx::raw_sql(
        "create materialized view fails as
           select case when current_setting('server_version_num')::int >= 170000 then 1 / (n - 42) else n end from kept",
    )
    .execute(&mut session(&endpoint).await)
    .await
    .unwrap();
    let (server, job) = (place.server(), JobContext::detached());
    let plan = server.plan_upgrade(Some(17)).await.unwrap();
    let error = server.apply_upgrade(&plan, &password(), &job).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ToolFailed, "{error}");
    assert!(
        error.message().contains("division by zero")
            || error.detail_text().unwrap().contains("division by zero"),
        "{error}"
    );
    assert_eq!(place.processes().await, Vec::<i32>::new());
    let endpoint = place.start().await;
    assert_eq!(endpoint.version.major, 15);
    assert_row(&endpoint).await;
}

#[tokio::test]
async fn an_upgrade_waits_for_nobody_and_goes_only_upwards() {
    let (place, _) = place_of_fifteen().await;
    let (server, job) = (place.server(), JobContext::detached());
    assert_eq!(server.plan_upgrade(Some(15)).await.unwrap_err().kind(), ErrorKind::Precondition);
    assert_eq!(server.plan_upgrade(Some(99)).await.unwrap_err().kind(), ErrorKind::Missing);
    let plan = server.plan_upgrade(Some(17)).await.unwrap();
    let lease = server.lease(LeaseKind::App).await.unwrap();
    let refused = server.apply_upgrade(&plan, &password(), &job).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Refused);
    drop(lease);
    let mut stale = plan;
    stale.from.version = "15.0".into();
    place.stop(StopMode::Fast).await;
    assert_eq!(
        server.apply_upgrade(&stale, &password(), &job).await.unwrap_err().kind(),
        ErrorKind::StalePlan
    );
}
