//! The SQL that is offered is right: run on the database it ends the drift, put into a migration it makes the files
//! make what the database has.

use evaldesk_core::catalog::drift::Difference;
use evaldesk_core::catalog::fingerprint::{SchemaSnapshot, SnapshotScope};
use evaldesk_core::migrate::{DriftStatus, MigrationContext, drift};
use support::{TestDatabase, empty_database, usual, versions};

use super::context;

/// What the files make, in kinds enough to be changed.
const MADE: &str = "
    create type mood as enum ('sad', 'ok', 'happy');
    create sequence loose;
    create table parent (id bigserial primary key, name varchar(40) not null default 'x');
    create table child (id bigserial primary key, parent_id bigint not null references parent (id),
        at timestamp not null default now(), code text, amount numeric(10,2), m mood, constraint positive check (amount > 0),
        constraint child_code_key unique (code));
    create index child_at on child (at desc);
    create index child_part on child (parent_id) where amount > 10;
    create index child_low on child (lower(code)) include (amount) with (fillfactor = 80);
    create view v as select id, code from child where amount > 1;
    create materialized view m as select count(*) as total from child;
    create unique index m_total on m (total);
    create function f(x int) returns int language sql immutable as 'select x + 1';
    create function tg() returns trigger language plpgsql as 'begin return new; end';
    create trigger t before insert on child for each row execute function tg();
    create statistics child_kinds (ndistinct, dependencies) on code, m from child;
    alter table parent enable row level security;
    create policy readers on parent for select to public using (id <> 7);
    create policy writers on parent for update to public using (true) with check (id > 0);
";

/// What somebody does by hand.
const CHANGES: &[&str] = &[
    "drop index child_at",
    "drop index child_low",
    "drop index child_part",
    "create unique index on child (parent_id, at)",
    "alter table child drop constraint child_parent_id_fkey",
    "alter table child drop constraint child_parent_id_fkey, add foreign key (parent_id) references parent (id) on delete cascade",
    "alter table child drop constraint positive",
    "alter table child drop constraint positive, add constraint positive check (amount > 1)",
    "alter table child add constraint small check (amount < 100)",
    "alter table child drop constraint child_code_key",
    "alter table child drop constraint child_pkey",
    "alter table child alter column code set not null",
    "alter table child alter column parent_id drop not null",
    "alter table parent alter column name drop default",
    "alter table parent alter column name set default 'y'",
    "alter table child alter column id drop default",
    "alter table parent alter column name type varchar(80)",
    "alter table child alter column at type timestamp(3)",
    "alter table child drop column m",
    "alter table child add column more text default 'z'",
    "alter table child set (autovacuum_enabled = false)",
    "alter table child enable row level security",
    "alter table child force row level security",
    "alter table parent disable row level security",
    "drop policy readers on parent",
    "create policy keeper on parent as restrictive for delete to current_user using (id > 10)",
    "alter policy readers on parent using (id <> 8)",
    "alter policy readers on parent to pg_monitor, \"pg_read_all_stats\"",
    "drop policy readers on parent; create policy readers on parent for all to public using (true)",
    "drop policy writers on parent; create policy writers on parent for update to public using (true)",
    "drop statistics child_kinds",
    "drop statistics child_kinds; create statistics other_name (dependencies, ndistinct) on m, code from child; create statistics more on parent_id, code from child",
    "create statistics parents (mcv) on id, name from parent",
    "alter table child set unlogged",
    "alter table child disable trigger t",
    "drop trigger t on child",
    "create trigger t2 after delete on child for each row execute function tg()",
    "drop view v",
    "drop index m_total",
    "create or replace view v as select id, code from child where amount > 2",
    "create or replace function f(x int) returns int language sql immutable as 'select x + 2'",
    "drop function f(int)",
    "create function g() returns int language sql as 'select 1'",
    "create table guarded (id int, x int); alter table guarded enable row level security, force row level security; create policy own on guarded using (id = 1); create statistics on_guarded (mcv) on id, x from guarded",
    "create table stray (id bigserial primary key, at timestamp(3), x int generated always as (1 + 1) stored)",
    "create index on parent using hash (name)",
    "alter sequence loose increment 5",
    "drop sequence loose",
    "create sequence more minvalue 5",
    "create type other as enum ('a')",
    "create domain even as int not null check (value % 2 = 0)",
    "alter table child add column n int generated by default as identity",
];

async fn made(major: u32) -> TestDatabase {
    let test = empty_database(major).await;
    test.run(MADE).await;
    test.run("create table schema_migrations (version varchar primary key); insert into schema_migrations values ('1')")
        .await;
    test
}

fn files() -> MigrationContext {
    context(&[("1_made.up.sql", MADE)])
}

async fn differences(test: &TestDatabase) -> Vec<Difference> {
    let database = test.open().await;
    let report = drift(&database, &files()).await.unwrap();
    database.close().await;
    if let DriftStatus::Skipped { why } = &report.status {
        panic!("{why}");
    }
    report.differences
}

/// One statement at a time, as a person would: CONCURRENTLY takes no company.
async fn run_all(test: &TestDatabase, statements: &[String]) {
    for statement in statements {
        test.run(statement).await;
    }
}

async fn fingerprint(test: &TestDatabase) -> (String, Vec<String>) {
    let mut session = test.session().await;
    let scope = SnapshotScope::of_session(&mut session).await.unwrap();
    let snapshot = SchemaSnapshot::read(&mut session, &scope).await.unwrap();
    (snapshot.fingerprint(), snapshot.canonical())
}

#[tokio::test]
async fn what_mends_the_database_ends_the_drift() {
    for major in versions() {
        // Each change is mended before the next: one database serves them all.
        let test = made(major).await;
        for change in CHANGES {
            test.run(change).await;
            let found = differences(&test).await;
            assert!(!found.is_empty(), "{change}: no drift on {major}");
            for one in &found {
                run_all(&test, &one.mend_database).await;
            }
            let left = differences(&test).await;
            assert!(left.is_empty(), "{change} on {major}: {found:#?} leaves {left:#?}");
        }
    }
}

#[tokio::test]
async fn what_mends_the_files_makes_what_the_database_has() {
    let major = usual();
    for change in CHANGES {
        let test = made(major).await;
        test.run(change).await;
        let found = differences(&test).await;
        let other = made(major).await;
        for one in &found {
            run_all(&other, &one.mend_files).await;
        }
        let (expected, actual) = (fingerprint(&test).await, fingerprint(&other).await);
        let only = |a: &[String], b: &[String]| -> Vec<String> {
            a.iter().filter(|line| !b.contains(line)).cloned().collect()
        };
        assert!(
            expected.0 == actual.0,
            "{change} on {major}: {found:#?}\nwanted {:#?}\ngot {:#?}",
            only(&expected.1, &actual.1),
            only(&actual.1, &expected.1)
        );
    }
}

#[tokio::test]
async fn a_drop_says_what_dies_and_an_index_is_built_without_stopping_writers() {
    let test = made(15).await;
    test.run("alter table child add column more text; create index on child (more); drop index child_at; alter table child drop constraint child_parent_id_fkey").await;
    let all: Vec<String> = differences(&test).await.into_iter().flat_map(|one| one.mend_database).collect();
    let text = all.join("\n");
    assert!(
        text.contains("-- dies: the values of child.more in every row, and the indexes child_more_idx"),
        "{text}"
    );
    assert!(text.contains("create index concurrently \"child_at\""), "{text}");
    assert!(text.contains("not valid\nalter table \"child\" validate constraint"), "{text}");
}

#[tokio::test]
async fn an_invalid_index_and_an_unchecked_constraint_are_drift_that_one_statement_mends() {
    let test = made(15).await;
    test.run(
        "update pg_index set indisvalid = false where indexrelid = 'child_at'::regclass;
         update pg_constraint set convalidated = false where conname = 'positive'",
    )
    .await;
    let found = differences(&test).await;
    let sql: Vec<&str> = found.iter().flat_map(|one| &one.mend_database).map(String::as_str).collect();
    assert_eq!(
        sql,
        ["alter table \"child\" validate constraint \"positive\"", "reindex index concurrently \"child_at\""]
    );
    run_all(&test, &sql.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>()).await;
    assert!(differences(&test).await.is_empty());
}

#[tokio::test]
async fn a_label_that_an_enum_lacks_is_put_in_its_place() {
    let test = made(15).await;
    test.run("drop table child cascade; drop type mood; create type mood as enum ('sad', 'happy', 'new')")
        .await;
    let found = differences(&test).await;
    let mood = found.iter().find(|one| one.object.name == "mood").unwrap();
    assert_eq!(mood.mend_database, ["alter type \"mood\" add value 'ok' after 'sad'"]);
    assert_eq!(mood.mend_files, ["alter type \"mood\" add value 'new' after 'happy'"]);
    assert!(mood.note.as_deref().unwrap().contains("cannot be taken out"));
}

#[tokio::test]
async fn a_serial_and_an_identity_are_the_same_to_a_writer() {
    let test = made(15).await;
    test.run("alter table child alter column id drop default; drop sequence child_id_seq; alter table child alter column id add generated by default as identity").await;
    assert!(differences(&test).await.is_empty());
}
