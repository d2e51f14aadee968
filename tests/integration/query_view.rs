//! Results of any size, sorted, filtered and searched where they are: as the server would, in bounded memory, and no
//! longer than somebody waits for it.

use evaldesk_core::ErrorKind;
use evaldesk_core::query::{
    FilterTest, QueryCopyFormat, QueryCopyRequest, QueryFilter, QueryFindRequest, QueryOrder, QueryPlace,
    QueryState,
};
use support::any_database;

use crate::query_tab::Tab;

/// Keys of forty bytes and more: their runs do not fit into memory at once.
const ROWS: u64 = 400_000;

const MANY: &str = "create table many as select n as id, md5(n::text) || 'longer' as text, \
    case when n % 7 <> 0 then (n * 7919 % 1000) - 500.25 end as number, \
    timestamptz '2026-01-01 00:00:00+00' + (n * 7919 % 400000) * interval '1.000001 s' as at, n % 3 as few \
    from generate_series(1, 400000::bigint) n";

const ALL: &str = "select * from many order by id";

/// A tab with all rows, most of them in a file.
async fn many() -> (support::TestDatabase, Tab, QueryState) {
    let database = any_database().await;
    database.run(MANY).await;
    let tab = Tab::of(&database).await.with_budget(4 * 1024 * 1024);
    let state = tab.run(ALL).await;
    assert!(state.results[0].complete && state.spilled_bytes > 0, "{:?}", state.statements);
    (database, tab, state)
}

fn by(column: u32, descending: bool) -> QueryOrder {
    QueryOrder { column, descending }
}

impl Tab {
    /// Ids of a view, as many as a clipboard takes.
    async fn ids(&self, result: &str, view: &str) -> Vec<String> {
        let request =
            QueryCopyRequest { first: 0, count: ROWS, columns: vec![0], format: QueryCopyFormat::Csv };
        let text = self.tabs.copy(result, Some(view), request).await.unwrap();
        text.lines().skip(1).map(str::to_owned).collect()
    }
}

#[tokio::test]
async fn a_result_that_does_not_fit_into_memory_is_sorted_as_the_server_sorts_it() {
    let (database, tab, state) = many().await;
    let id = &state.results[0].id;
    for (sort, order) in [
        (vec![by(1, false)], "text collate \"C\""),
        (vec![by(3, true)], "at desc"),
        (vec![by(2, true), by(1, false)], "number desc, text collate \"C\""),
        (vec![by(4, false)], "few, id"),
        (vec![by(4, true), by(0, true)], "few desc, id desc"),
    ] {
        let view = tab.tabs.view(id, sort, Vec::new()).await.unwrap();
        assert_eq!(view.rows, ROWS);
        let expected = database
            .value(&format!("select string_agg(id::text, ',' order by {order}) from many"))
            .await
            .unwrap();
        let expected: Vec<u64> = expected.split(',').map(|id| id.parse().unwrap()).collect();
        for first in (0..ROWS).step_by(20_011) {
            let rows = tab.tabs.rows(id, Some(&view.id), first, 50).await.unwrap();
            let found: Vec<u64> = rows.numbers.unwrap().iter().map(|number| number + 1).collect();
            let at = usize::try_from(first).unwrap();
            assert_eq!(found, expected[at..at + found.len()], "{order}, from row {first}");
        }
    }
    let folder = tab.folder().join("results");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "what is sorted by has no name either");
}

#[tokio::test]
async fn a_long_view_is_read_searched_and_looked_at_from_any_row() {
    let (_database, tab, state) = many().await;
    let id = &state.results[0].id;
    let few = QueryFilter { column: 4, op: FilterTest::NotEquals, value: "1".to_owned() };
    let view = tab.tabs.view(id, vec![by(0, true)], vec![few]).await.unwrap();
    assert_eq!(view.rows, 266_666, "the order of so many rows is in a file");
    let rows = tab.tabs.rows(id, Some(&view.id), 266_000, 5).await.unwrap();
    let numbers = rows.numbers.unwrap();
    for (row, number) in rows.rows.iter().zip(&numbers) {
        assert_eq!(row[0].as_ref().unwrap().text, (number + 1).to_string());
    }
    assert!(numbers.windows(2).all(|pair| pair[0] > pair[1]), "{numbers:?}");
    assert!(tab.tabs.rows(id, Some(&view.id), view.rows, 5).await.unwrap().rows.is_empty());
    let cell = tab.tabs.cell(id, Some(&view.id), 266_000, 0, 0, 100).await.unwrap();
    assert_eq!(cell.text, Some((numbers[0] + 1).to_string()));
    let text = rows.rows[2][1].as_ref().unwrap().text.to_uppercase();
    for (row, backwards) in [(5, false), (5, true), (266_002, false), (266_003, true)] {
        let from = QueryPlace { row, column: 1 };
        let request = QueryFindRequest { text: text.clone(), from, backwards };
        let found = tab.tabs.find(id, Some(&view.id), request).await.unwrap();
        assert_eq!(found, Some(QueryPlace { row: 266_002, column: 1 }), "from {row}");
    }
}

#[tokio::test]
async fn something_newer_ends_what_is_on_its_way() {
    let (_database, tab, state) = many().await;
    let id = &state.results[0].id;
    let older = tab.tabs.view(id, vec![by(1, false)], Vec::new());
    let newer = async {
        // The older one is under way as soon as it says how far it is.
        tab.until(|state| state.results[0].arranged.is_some()).await;
        tab.tabs.view(id, Vec::new(), Vec::new()).await
    };
    let (older, newer) = tokio::join!(older, newer);
    assert_eq!(older.unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(newer.unwrap().rows, ROWS, "without sort and filter it is all of them as they came");
    tab.until(|state| state.results[0].arranged.is_none()).await;
}

#[tokio::test]
async fn what_cannot_be_told_apart_here_is_left_to_the_server() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let sql = "select n, repeat('x', 5000) || n as alike, n || repeat('x', 5000) as different from generate_series(1, 3) n";
    let state = tab.run(sql).await;
    let id = &state.results[0].id;
    let refused = tab.tabs.view(id, vec![by(1, true)], Vec::new()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Precondition);
    assert!(refused.hint_text().unwrap().contains("server"), "{refused:?}");
    let view = tab.tabs.view(id, vec![by(2, true)], Vec::new()).await.unwrap();
    assert_eq!(tab.ids(id, &view.id).await, ["3", "2", "1"]);
    let long = QueryFilter { column: 1, op: FilterTest::Contains, value: "xx3".to_owned() };
    let view = tab.tabs.view(id, Vec::new(), vec![long]).await.unwrap();
    assert_eq!(tab.ids(id, &view.id).await, ["3"], "a filter reads the whole value");
}

#[tokio::test]
async fn a_text_is_found_wherever_it_stands_in_a_huge_cell() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    // It lies across the end of the first megabyte, where one part ends.
    let sql =
        "select 1 as n, repeat('x', 1024 * 1024 - 3) || 'ÄhreNfeld' || repeat('y', 1024 * 1024) as cell";
    let state = tab.run(sql).await;
    let id = &state.results[0].id;
    for text in ["ährenfeld", "HRENF", "xyz"] {
        let request = QueryFindRequest {
            text: text.to_owned(),
            from: QueryPlace { row: 0, column: 0 },
            backwards: false,
        };
        let found = tab.tabs.find(id, None, request).await.unwrap();
        let expected = (text != "xyz").then_some(QueryPlace { row: 0, column: 1 });
        assert_eq!(found, expected, "{text}");
    }
}
