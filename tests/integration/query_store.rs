//! Results that do not fit into memory, and what a store does where nothing more can be kept.

use evaldesk_core::ErrorKind;
use evaldesk_core::query::{
    Budget, FilterTest, QueryCopyFormat, QueryCopyRequest, QueryFilter, QueryFindRequest, QueryOrder,
    QueryPlace, QueryTabs, StatementOutcome,
};
use support::any_database;

use crate::query_tab::{Tab, texts};

const ROWS: u64 = 20_000;

const MANY: &str = "select n, repeat('x', 300) || n as long, case when n % 3 <> 0 then '' end as third \
    from generate_series(1, 20000) n";

#[tokio::test]
async fn a_result_that_goes_on_in_a_file_reads_the_same_from_any_row() {
    let database = any_database().await;
    let tab = Tab::of(&database).await.with_budget(3 * 1024 * 1024);
    let state = tab.run(MANY).await;
    assert_eq!((state.results[0].rows, state.results[0].complete), (ROWS, true));
    assert!(state.spilled_bytes > 1024 * 1024 && state.stored_bytes > state.spilled_bytes, "{state:?}");
    assert_eq!(std::fs::read_dir(tab.folder().join("results")).unwrap().count(), 0, "the file has no name");
    let id = &state.results[0].id;
    for first in [0, 63, 64, 1000, 3499, 12_345, ROWS - 1] {
        let window = tab.tabs.rows(id, None, first, 100).await.unwrap();
        assert_eq!(window.rows.len() as u64, 100.min(ROWS - first));
        for (at, row) in window.rows.iter().enumerate() {
            let number = first + at as u64 + 1;
            assert_eq!(row[0].as_ref().unwrap().text, number.to_string());
            assert!(row[1].as_ref().unwrap().text.ends_with(&format!("x{number}")));
            assert_eq!(
                row[2].is_none(),
                number.is_multiple_of(3),
                "NULL and empty are apart in row {number}"
            );
        }
    }
    assert!(tab.tabs.rows(id, None, ROWS, 10).await.unwrap().rows.is_empty());
}

#[tokio::test]
async fn a_spilled_result_can_be_searched_sorted_filtered_and_copied() {
    let database = any_database().await;
    let tab = Tab::of(&database).await.with_budget(1024 * 1024);
    let state = tab.run(MANY).await;
    let id = &state.results[0].id;
    let find = |text: &str, row: u64, backwards: bool| QueryFindRequest {
        text: text.to_owned(),
        from: QueryPlace { row, column: 0 },
        backwards,
    };
    let found = tab.tabs.find(id, None, find("X19999", 5, false)).await.unwrap();
    assert_eq!(found, Some(QueryPlace { row: 19_998, column: 1 }));
    let found = tab.tabs.find(id, None, find("x17999", 5, true)).await.unwrap();
    assert_eq!(found, Some(QueryPlace { row: 17_998, column: 1 }), "backwards it goes round");
    assert_eq!(tab.tabs.find(id, None, find("nowhere", 5, false)).await.unwrap(), None);

    let sort = vec![QueryOrder { column: 0, descending: true }];
    let filter = QueryFilter { column: 2, op: FilterTest::IsNull, value: String::new() };
    let view = tab.tabs.view(id, sort, vec![filter]).await.unwrap();
    assert_eq!(view.rows, ROWS / 3);
    let rows = tab.tabs.rows(id, Some(&view.id), 0, 2).await.unwrap();
    let numbers: Vec<_> = rows.rows.iter().map(|row| row[0].as_ref().unwrap().text.as_str()).collect();
    assert_eq!(numbers, ["19998", "19995"], "numbers are sorted by their value");
    let copy = QueryCopyRequest { first: 0, count: 2, columns: vec![2, 0], format: QueryCopyFormat::Csv };
    assert_eq!(tab.tabs.copy(id, Some(&view.id), copy).await.unwrap(), "third,n\n,19998\n,19995\n");
}

#[tokio::test]
async fn where_nothing_more_can_be_kept_the_statement_stops_and_what_came_stays() {
    let database = any_database().await;
    let tab = Tab::of(&database).await.with_budget(1024 * 1024);
    // A file stands where the folder of results would be.
    std::fs::write(tab.folder().join("results"), "").unwrap();
    let state = tab.run("select n, repeat('x', 300) from generate_series(1, 5000000) n; select 1").await;
    let [stopped, skipped] = &state.statements[..] else { panic!("{state:?}") };
    assert_eq!((stopped.outcome, skipped.outcome), (StatementOutcome::Failed, StatementOutcome::Skipped));
    let error = stopped.error.as_ref().unwrap();
    assert_eq!(error.code, ErrorKind::Storage, "{error:?}");
    let result = &state.results[0];
    assert!(result.rows > 1000 && result.rows < 5_000_000 && !result.complete, "{result:?}");
    assert_eq!(result.stopped.as_deref(), Some(error.message.as_str()));
    let last = tab.tabs.rows(&result.id, None, result.rows - 1, 1).await.unwrap();
    assert_eq!(last.rows[0][0].as_ref().unwrap().text, result.rows.to_string());
    let after = tab.run("select 5").await;
    assert_eq!(tab.texts(&after, 0).await, texts(&[&[Some("5")]]), "the session is of use afterwards");
    assert_eq!(after.pid, state.pid);
}

#[tokio::test]
async fn a_new_run_lets_go_of_what_the_last_one_stored() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let first = tab.run("select 1").await;
    tab.run("select 2").await;
    let gone = tab.tabs.rows(&first.results[0].id, None, 0, 1).await.unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_cell_of_three_hundred_megabytes_is_shown_cut_and_read_by_parts() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let state = tab.run("select repeat('äbc', 100 * 1024 * 1024 - 1) || 'the end'").await;
    assert_eq!(state.statements[0].error, None);
    let id = &state.results[0].id;
    let bytes = 4 * (100 * 1024 * 1024 - 1) + 7;
    let cell = tab.tabs.rows(id, None, 0, 1).await.unwrap().rows.remove(0).remove(0).unwrap();
    assert_eq!((cell.text.chars().count(), cell.bytes, cell.cut), (400, bytes, true));
    let part = tab.tabs.cell(id, None, 0, 0, 0, u64::MAX).await.unwrap();
    assert!(part.text.unwrap().len() <= 4 * 1024 * 1024);
    let end = tab.tabs.cell(id, None, 0, 0, bytes as u64 - 8, 1000).await.unwrap();
    assert_eq!((end.text.as_deref(), end.next), (Some("cthe end"), None));
}

#[tokio::test]
async fn tabs_share_one_budget() {
    let database = any_database().await;
    let folder = tempfile::tempdir().unwrap();
    let tabs = QueryTabs::with_budget(folder.path().join("results"), Budget::new(1024 * 1024));
    let tab = Tab::of(&database).await.with_tabs(tabs);
    let state = tab.run(MANY).await;
    assert!(state.stored_bytes - state.spilled_bytes <= 1024 * 1024);
}
