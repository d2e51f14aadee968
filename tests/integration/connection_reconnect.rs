//! After sleep, or a network that dropped: the pool recovers, a read is tried again once, a write never.

use std::sync::atomic::{AtomicU32, Ordering};

use evaldesk_core::connection::{Database, parse_url};
use evaldesk_core::{Error, ErrorKind};
use sqlx::PgConnection;
use support::{Proxy, Silence, TestDatabase, any_database};

async fn through(wire: &Proxy, database: &TestDatabase) -> Database {
    Database::from_url(&wire.url(&database.name)).await.unwrap()
}

async fn answer(session: &mut PgConnection) -> Result<i32, Error> {
    Ok(sqlx::query_scalar("select 1").fetch_one(session).await?)
}

#[tokio::test]
async fn a_pool_whose_sessions_were_cut_works_at_once() {
    let database = any_database().await;
    let wire = Proxy::to(database.cluster().port());
    let open = through(&wire, &database).await;
    let (one, other) = tokio::join!(open.ping(), open.ping());
    assert!(one.is_ok() && other.is_ok());
    wire.cut();
    open.ping().await.unwrap();
}

#[tokio::test]
async fn sessions_that_fell_silent_are_thrown_away_instead_of_waited_for() {
    let database = any_database().await;
    let wire = Silence::to(database.cluster().port());
    let mut profile = parse_url(&database.url).unwrap().profile;
    profile.port = wire.port();
    let open = Database::open(&profile, None).await.unwrap();
    let held = (open.pool().acquire().await.unwrap(), open.pool().acquire().await.unwrap());
    drop(held);
    while open.pool().num_idle() < 2 {
        tokio::task::yield_now().await;
    }
    wire.fall();
    let read = || open.read(|session| Box::pin(answer(session)));
    let (one, other) = tokio::join!(read(), read());
    assert_eq!((one.unwrap(), other.unwrap()), (1, 1));
}

#[tokio::test]
async fn a_read_that_was_cut_is_tried_again_once() {
    let database = any_database().await;
    let wire = Proxy::to(database.cluster().port());
    let open = through(&wire, &database).await;
    let calls = AtomicU32::new(0);
    let read = open.read(|session| {
        // Cut in the middle of the first try.
        if calls.fetch_add(1, Ordering::SeqCst) == 0 {
            wire.cut();
        }
        Box::pin(answer(session))
    });
    assert_eq!(read.await.unwrap(), 1);
    assert_eq!(calls.load(Ordering::SeqCst), 2);
    calls.store(0, Ordering::SeqCst);
    let always = open.read(|session| {
        calls.fetch_add(1, Ordering::SeqCst);
        wire.cut();
        Box::pin(answer(session))
    });
    assert_eq!(always.await.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    assert_eq!(calls.load(Ordering::SeqCst), 2, "once more, and no oftener");
}

#[tokio::test]
async fn what_the_server_says_is_an_answer_and_is_not_asked_twice() {
    let open = any_database().await.open().await;
    let calls = AtomicU32::new(0);
    let wrong = open.read(|session| {
        calls.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move { Ok(sqlx::raw_sql("select no_such_thing").execute(session).await?) })
    });
    assert_eq!(wrong.await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_write_is_never_tried_again() {
    let database = any_database().await;
    database.run("create table kept (id int)").await;
    let wire = Proxy::to(database.cluster().port());
    let open = through(&wire, &database).await;
    // What is tried again cannot write at all.
    let refused = open.read(|session| {
        Box::pin(async move { Ok(sqlx::raw_sql("insert into kept values (1)").execute(session).await?) })
    });
    assert_eq!(refused.await.unwrap_err().kind(), ErrorKind::Refused);
    // And what writes is told that its session is gone.
    let mut session = open.pool().acquire().await.unwrap();
    wire.cut();
    let lost = sqlx::raw_sql("insert into kept values (1)").execute(&mut *session).await.unwrap_err();
    assert_eq!(Error::from(lost).kind(), ErrorKind::ConnectionRefused);
    assert_eq!(database.count("kept").await, 0);
}
