//! Statements that are nested deep: the parser needs room for them, and whoever plans may stand on a small stack.

use evaldesk_core::Error;
use evaldesk_core::migrate::{MigrationContext, MigrationPlan, MigrationRequest, MigrationSet, plan_migrate};
use support::{TestDatabase, empty_database, versions};

/// What a thread of the window's runtime has.
const SMALL: usize = 2 << 20;

/// Plans on a thread of its own with a small stack: one that ends takes the whole process with it, this test included.
fn plan_on_a_small_stack(url: String, up: String) -> Result<MigrationPlan, Error> {
    let plan = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let set = MigrationSet::from_files("test", [("1_a.up.sql", up.as_bytes())])?;
            let database = evaldesk_core::connection::Database::from_url(&url).await?;
            Box::pin(plan_migrate(&database, &MigrationContext::new(set), MigrationRequest::Up)).await
        })
    };
    std::thread::Builder::new().stack_size(SMALL).spawn(plan).unwrap().join().unwrap()
}

async fn plan(test: &TestDatabase, up: String) -> Result<MigrationPlan, Error> {
    let url = test.url.clone();
    tokio::task::spawn_blocking(move || plan_on_a_small_stack(url, up)).await.unwrap()
}

#[tokio::test]
async fn a_statement_that_is_nested_deep_is_planned_and_ends_no_process() {
    for major in versions() {
        let test = empty_database(major).await;
        for depth in [50, 1_000, 5_000, 100_000] {
            let (open, close) = ("(".repeat(depth), ")".repeat(depth));
            let up = format!(
                "create table t{depth} (a int);\nalter table t{depth} add check ({open}a > 0{close})"
            );
            let planned = plan(&test, up).await.unwrap();
            let statement = &planned.steps[0].statements[1];
            // Up to where anybody follows, it is known; beyond, the plan says that it is not.
            match statement.locks.as_slice() {
                [] => assert_eq!(
                    (statement.consequence.as_str(), depth > 1_000),
                    ("not known beforehand", true)
                ),
                [lock] => assert_eq!((lock.relation.as_str(), depth <= 1_000), (&*format!("t{depth}"), true)),
                more => panic!("{more:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_chain_that_never_ends_is_planned_and_ends_no_process() {
    let test = empty_database(support::usual()).await;
    for (before, link) in
        [("select 1", " + 1"), ("select 1", " union all select 1"), ("select '{}'::jsonb", " -> 'a'")]
    {
        let planned = plan(&test, format!("{before}{}", link.repeat(20_000))).await.unwrap();
        assert_eq!(planned.statement_count(), 1);
    }
}
