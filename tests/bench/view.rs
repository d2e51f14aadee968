//! The same rows sorted, filtered and searched where they are: how long, and how much the memory grows.

use std::time::Instant;

use evaldesk_core::query::{
    FilterTest, QueryFilter, QueryFindRequest, QueryOrder, QueryPhase, QueryPlace, QueryTabs,
};
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use super::query::{ALL, Memory, ROWS, TENFOLD, prepared, whole};

/// Measures and prints the table.
pub(crate) async fn bench() {
    let (_database, opened) = prepared().await;
    let folder = tempfile::tempdir().unwrap();
    let mut measured = serde_json::Map::new();
    // From one beginning: what the first result left in memory the second may use.
    let memory = Memory::watch();
    for (name, sql, rows) in [("million", ALL, ROWS), ("tenMillion", TENFOLD, 10 * ROWS)] {
        let tabs = QueryTabs::new(folder.path().join("results"));
        let result = stored(&tabs, &opened, sql, rows).await;
        let looked = looks(&tabs, &result).await;
        tabs.close("bench").await;
        measured.insert(
            name.to_owned(),
            json!({ "memoryGrowthMb": memory.grown() / 1024 / 1024, "looks": looked }),
        );
    }
    println!("{}", serde_json::to_string_pretty(&measured).unwrap());
}

/// Runs it to its end, and tells the result's id.
async fn stored(
    tabs: &QueryTabs,
    database: &evaldesk_core::connection::Database,
    sql: &str,
    rows: u64,
) -> String {
    let session = tabs.tab("bench");
    let mut states = Box::pin(session.watch());
    session.run(database, whole(sql)).await.unwrap();
    loop {
        let state = states.next().await.unwrap();
        if state.run > 0 && state.phase == QueryPhase::Idle {
            assert_eq!(state.results[0].rows, rows, "{:?}", state.statements);
            return state.results[0].id.clone();
        }
    }
}

async fn looks(tabs: &QueryTabs, result: &str) -> Value {
    let by = |column| vec![QueryOrder { column, descending: true }];
    let having = |column, op, value: &str| vec![QueryFilter { column, op, value: value.to_owned() }];
    let mut seconds = serde_json::Map::new();
    for (name, sort, filters) in [
        ("sortedByBigint", by(0), Vec::new()),
        ("sortedByText", by(1), Vec::new()),
        ("sortedByTimestamp", by(4), Vec::new()),
        ("sortedByJsonb", by(15), Vec::new()),
        ("filteredByText", Vec::new(), having(6, FilterTest::Contains, "99")),
        ("filteredAndSorted", by(7), having(11, FilterTest::Greater, "500")),
    ] {
        let begun = Instant::now();
        let view = tabs.view(result, sort, filters).await.unwrap();
        seconds
            .insert(name.to_owned(), json!({ "seconds": begun.elapsed().as_secs_f64(), "rows": view.rows }));
    }
    let begun = Instant::now();
    let from = QueryPlace { row: 0, column: 0 };
    let request = QueryFindRequest { text: "nowhere to be found".to_owned(), from, backwards: false };
    assert_eq!(tabs.find(result, None, request).await.unwrap(), None);
    seconds.insert("foundNowhere".to_owned(), json!({ "seconds": begun.elapsed().as_secs_f64() }));
    Value::Object(seconds)
}
