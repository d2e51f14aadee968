//! Versions without a verify file: what they make is looked for.

use evaldesk_core::migrate::{AdoptVerdict, BoundBy, MigrationContext, MigrationSet};
use support::{TestDatabase, empty_database, versions};

use super::{adopt, plan, verdict};

const FILES: &[(&str, &str)] = &[
    ("1_people.up.sql", "create table people (id bigserial primary key, name text);"),
    ("2_age.up.sql", "alter table people add column age smallint;"),
    ("3_fill.up.sql", "update people set age = 0 where age is null;"),
    ("4_age_is_wider.up.sql", "alter table people alter column age type integer;"),
    (
        "5_index.up.sql",
        "-- evaldesk: no-transaction\ncreate index concurrently people_name on people (name);",
    ),
    (
        "6_pets.up.sql",
        "create table pets (id bigserial primary key, person_id bigint references people (id));",
    ),
];

fn context() -> MigrationContext {
    let files = FILES.iter().map(|(name, text)| (*name, text.as_bytes()));
    MigrationContext::new(MigrationSet::from_files("/migrations", files).unwrap())
}

async fn made(major: u32, sql: &str) -> TestDatabase {
    let test = empty_database(major).await;
    test.run(sql).await;
    test
}

fn binds() -> AdoptVerdict {
    AdoptVerdict::Binds { by: BoundBy::Fingerprint }
}

#[tokio::test]
async fn what_a_later_version_changed_again_still_counts() {
    for major in versions() {
        let test = made(major, "create table people (id bigserial primary key, name text, age integer); create index other on people (name)").await;
        let plan = plan(&test, &context()).await;
        for version in ["1", "2", "4", "5"] {
            assert_eq!(verdict(&plan, version), &binds(), "{version} on {major}");
        }
        assert!(
            matches!(verdict(&plan, "3"), AdoptVerdict::Unknown { why } if why.contains("leaves the schema as it is"))
        );
        assert!(
            matches!(verdict(&plan, "6"), AdoptVerdict::NotThere { why } if why == "table pets is missing"),
            "{:?}",
            verdict(&plan, "6")
        );
        assert_eq!(adopt(&test, &context()).await.bound.len(), 4);
        assert_eq!(test.count("schema_migrations").await, 4);
    }
}

#[tokio::test]
async fn what_is_there_in_another_shape_is_not_bound() {
    let test = made(15, "create table people (id bigserial primary key, name varchar(10))").await;
    let plan = plan(&test, &context()).await;
    assert!(
        matches!(verdict(&plan, "1"), AdoptVerdict::Differs { why } if why == "column name of people differs"),
        "{:?}",
        verdict(&plan, "1")
    );
    assert_eq!(plan.binds(), 0);
}

#[tokio::test]
async fn a_version_out_of_order_is_found_without_those_before_it() {
    let test = made(15, "create table people (id bigserial primary key, name text); create table pets (id bigserial primary key, person_id bigint references people (id))").await;
    let plan = plan(&test, &context()).await;
    assert_eq!(verdict(&plan, "1"), &binds());
    assert!(matches!(verdict(&plan, "2"), AdoptVerdict::NotThere { .. }), "{:?}", verdict(&plan, "2"));
    assert_eq!(verdict(&plan, "6"), &binds());
}

#[tokio::test]
async fn where_nothing_may_be_made_nothing_is_claimed() {
    let test = made(15, "create table people (id bigserial primary key, name text)").await;
    test.run("drop role if exists adopt_nothing; create role adopt_nothing login password 'right'").await;
    let database =
        evaldesk_core::connection::Database::from_url(&test.url_as("adopt_nothing", "right")).await.unwrap();
    let plan = evaldesk_core::migrate::plan_adopt(&database, &context()).await.unwrap();
    assert!(plan.versions.iter().all(|one| matches!(&one.verdict, AdoptVerdict::Unknown { why } if why.contains("may not create a database"))), "{plan:#?}");
}
