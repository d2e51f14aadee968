//! Tables, their rows and their cells as they are read from real servers.

use evaldesk_core::ErrorKind;
use evaldesk_core::catalog::{
    CellQuery, ColumnFilter, FilterOp, RowsPage, RowsQuery, SortBy, TableName, cell, count_exact,
    evaluation_schema, rows, table, tables,
};
use evaldesk_core::connection::Database;
use support::{any_database, empty_database, for_each_version, usual};

const ODD: &str = r#"
create schema "Odd ""schema""";
create type "Odd ""schema""".mood as enum ('sad', 'glad');
create table "Odd ""schema"""."select" (
    "Id; drop" int not null,
    part text not null,
    mood "Odd ""schema""".mood,
    doc json,
    n numeric(30, 3),
    big text,
    at timestamp,
    primary key (part, "Id; drop")
);
insert into "Odd ""schema"""."select"
select i, 'p' || i % 3, case when i % 2 = 0 then 'glad' end::"Odd ""schema""".mood, '{"a": 1}',
    case when i % 4 > 0 then i / 8.0 end, repeat('é', i * 100), '2026-01-01'
from generate_series(1, 10) i;
create table plain (v int);
insert into plain select generate_series(1, 7);
create view looked as select * from plain;
"#;

fn odd() -> TableName {
    TableName::new("Odd \"schema\"", "select")
}

fn query(table: TableName) -> RowsQuery {
    RowsQuery { table, filter: Vec::new(), sort: Vec::new(), cursor: None, limit: Some(3) }
}

fn column(page: &RowsPage, name: &str) -> Vec<Option<String>> {
    let at = page.columns.iter().position(|column| column.name == name).unwrap();
    page.rows.iter().map(|row| row[at].as_ref().map(|cell| cell.text.clone())).collect()
}

async fn walk(database: &Database, query: &RowsQuery, name: &str) -> Vec<Option<String>> {
    let (mut seen, mut query) = (Vec::new(), query.clone());
    loop {
        let page = rows(database, &query).await.unwrap();
        seen.extend(column(&page, name));
        query.cursor = page.next;
        if query.cursor.is_none() {
            return seen;
        }
    }
}

#[tokio::test]
async fn the_tables_are_listed_with_what_they_are() {
    for_each_version(|test| async move {
        test.run(ODD).await;
        test.run("analyze plain").await;
        let database = test.open().await;
        let all = tables(&database, None).await.unwrap();
        assert_eq!(all.iter().filter(|table| table.is_evaluation_table).count(), 4);
        let of = |name: &str| all.iter().find(|table| table.name == name).unwrap();
        assert_eq!((of("looked").kind.as_str(), of("looked").row_estimate), ("view", None));
        assert_eq!(of("plain").row_estimate, Some(7));
        assert!(of("plain").heap_bytes > 0 && of("evaluation_runs").index_bytes > 0);
        assert_eq!(tables(&database, Some("Odd \"schema\"")).await.unwrap().len(), 1);
        assert_eq!(count_exact(&database, &odd()).await.unwrap(), 10);
    })
    .await;
}

#[tokio::test]
async fn a_partitioned_table_weighs_what_its_partitions_weigh() {
    for_each_version(|test| async move {
        test.run(
            "create table parted (id int not null, at date not null, primary key (id, at)) partition by range (at);
             create table parted_1 partition of parted for values from ('2026-01-01') to ('2026-02-01');
             insert into parted select i, '2026-01-05' from generate_series(1, 500) i; analyze parted, parted_1;",
        )
        .await;
        let database = test.open().await;
        let detail = table(&database, &TableName::new("public", "parted")).await.unwrap();
        assert_eq!((detail.summary.kind.as_str(), detail.summary.row_estimate), ("partitioned table", Some(500)));
        assert!(detail.summary.heap_bytes > 0 && detail.summary.index_bytes > 0);
    })
    .await;
}

#[tokio::test]
async fn a_table_in_detail_knows_its_keys_and_which_have_no_index() {
    for_each_version(|test| async move {
        let database = test.open().await;
        test.run("drop index index_evaluation_results_on_evaluation_configuration_id").await;
        let detail = table(&database, &TableName::new("public", "evaluation_results")).await.unwrap();
        assert_eq!((detail.columns.len(), detail.columns[0].primary_key), (20, true));
        let of = |name: &str| detail.columns.iter().find(|column| column.name == name).unwrap();
        let run = of("evaluation_run_id").foreign_key.as_ref().unwrap();
        assert_eq!((run.table.name.as_str(), run.has_index), ("evaluation_runs", true));
        assert!(!of("evaluation_configuration_id").foreign_key.as_ref().unwrap().has_index);
        assert!(!of("status").nullable && of("status").default.as_deref().unwrap().contains("pending"));
        assert_eq!(of("status").null_fraction, None);
        let gin = detail.indexes.iter().find(|index| index.method == "gin").unwrap();
        assert!(gin.valid && !gin.unique && gin.definition.contains("USING gin"));
        assert!(detail.indexes[0].primary);
        let kinds: Vec<_> = detail.constraints.iter().map(|constraint| constraint.kind.as_str()).collect();
        assert_eq!(kinds[..3], ["primary key", "foreign key", "foreign key"]);
        assert_eq!(kinds.contains(&"not null"), test.major >= 18);
        let gone = table(&database, &TableName::new("public", "gone")).await.unwrap_err();
        assert_eq!(gone.kind(), ErrorKind::NotFound);
    })
    .await;
}

#[tokio::test]
async fn rows_page_by_any_order_without_a_gap() {
    for_each_version(|test| async move {
        test.run(ODD).await;
        let database = test.open().await;
        let id = "Id; drop";
        let plain = walk(&database, &query(odd()), id).await;
        assert_eq!(plain.len(), 10);
        for name in ["n", "mood", "part", "at", "doc"] {
            for descending in [false, true] {
                let sort = vec![SortBy { column: name.into(), descending }];
                let whole = RowsQuery { limit: Some(100), sort: sort.clone(), ..query(odd()) };
                let expected = column(&rows(&database, &whole).await.unwrap(), id);
                let seen = walk(&database, &RowsQuery { sort, ..query(odd()) }, id).await;
                assert_eq!(seen, expected, "{name} {descending}");
            }
        }
        let first = rows(&database, &query(odd())).await.unwrap();
        let second =
            rows(&database, &RowsQuery { cursor: first.next.clone(), ..query(odd()) }).await.unwrap();
        let back = rows(&database, &RowsQuery { cursor: second.previous, ..query(odd()) }).await.unwrap();
        assert_eq!((column(&back, id), back.previous), (column(&first, id), None));
    })
    .await;
}

#[tokio::test]
async fn a_large_cell_is_cut_and_fetched_whole() {
    for_each_version(|test| async move {
        test.run(ODD).await;
        let database = test.open().await;
        let page = rows(&database, &RowsQuery { limit: Some(100), ..query(odd()) }).await.unwrap();
        assert_eq!(page.key_columns, ["part", "Id; drop"]);
        let at = page.keys.iter().position(|key| key[1] == "9").unwrap();
        let big = page.rows[at][5].as_ref().unwrap();
        assert_eq!((big.text.chars().count(), big.bytes, big.cut), (400, 1800, true));
        let wanted = CellQuery { table: odd(), column: "big".into(), key: page.keys[at].clone() };
        assert_eq!(cell(&database, &wanted).await.unwrap().text.unwrap().chars().count(), 900);
        let gone = CellQuery { key: vec!["none".into(), "1".into()], ..wanted.clone() };
        assert_eq!(cell(&database, &gone).await.unwrap_err().kind(), ErrorKind::NotFound);
        let short = CellQuery { key: Vec::new(), ..wanted };
        assert_eq!(cell(&database, &short).await.unwrap_err().kind(), ErrorKind::InvalidArguments);
    })
    .await;
}

#[tokio::test]
async fn filters_compare_as_the_column_does() {
    for_each_version(|test| async move {
        test.run(ODD).await;
        let database = test.open().await;
        let count = async |column: &str, op: FilterOp, value: Option<&str>| {
            let filter = vec![ColumnFilter { column: column.into(), op, value: value.map(str::to_owned) }];
            let page = rows(&database, &RowsQuery { filter, limit: None, ..query(odd()) }).await;
            page.map(|page| page.rows.len()).map_err(|error| error.kind())
        };
        assert_eq!(count("Id; drop", FilterOp::Gt, Some("9")).await, Ok(1));
        assert_eq!(count("mood", FilterOp::Eq, Some("glad")).await, Ok(5));
        assert_eq!(count("mood", FilterOp::Ne, Some("glad")).await, Ok(5));
        assert_eq!(count("doc", FilterOp::Eq, Some("{\"a\": 1}")).await, Ok(10));
        assert_eq!(count("n", FilterOp::IsNull, None).await, Ok(2));
        assert_eq!(count("n", FilterOp::NotNull, None).await, Ok(8));
        assert_eq!(count("part", FilterOp::Contains, Some("P1")).await, Ok(4));
        assert_eq!(count("part", FilterOp::Contains, Some("%")).await, Ok(0));
        assert_eq!(count("Id; drop", FilterOp::Lt, Some("x")).await, Err(ErrorKind::InvalidArguments));
        assert_eq!(count("n", FilterOp::Lt, None).await, Err(ErrorKind::InvalidArguments));
        assert_eq!(count("gone", FilterOp::IsNull, None).await, Err(ErrorKind::NotFound));
    })
    .await;
}

#[tokio::test]
async fn a_table_without_a_key_pages_by_offset_and_a_view_has_no_key() {
    let test = any_database().await;
    test.run(ODD).await;
    let database = test.open().await;
    let plain = query(TableName::new("public", "plain"));
    assert_eq!(walk(&database, &plain, "v").await.len(), 7);
    let page = rows(&database, &plain).await.unwrap();
    assert_eq!((page.paging.as_str(), page.key_columns[0].as_str()), ("offset", "ctid"));
    let wanted = CellQuery { table: plain.table, column: "v".into(), key: page.keys[1].clone() };
    assert_eq!(cell(&database, &wanted).await.unwrap().text.as_deref(), Some("2"));
    let view = rows(&database, &query(TableName::new("public", "looked"))).await.unwrap();
    assert!(view.key_columns.is_empty() && view.rows.len() == 3);
}

#[tokio::test]
async fn the_evaluation_schema_is_found_by_catalog() {
    let test = any_database().await;
    let database = test.open().await;
    let found = evaluation_schema(&database).await.unwrap();
    assert!(found.complete && found.tables.iter().all(|table| table.readable));
    assert_eq!(found.changes_column.as_deref(), Some("changes"));
    test.run(
        "alter table evaluation_configurations rename column changes to configuration_changes;
         create schema hidden; alter table evaluation_spans set schema hidden;",
    )
    .await;
    let found = evaluation_schema(&database).await.unwrap();
    assert_eq!(found.changes_column.as_deref(), Some("configuration_changes"));
    assert_eq!(
        (found.missing.as_slice(), found.complete),
        (["evaluation_spans".to_owned()].as_slice(), false)
    );
    assert_eq!(found.tables[1].elsewhere, ["hidden"]);
    let nothing = evaluation_schema(&empty_database(usual()).await.open().await).await.unwrap();
    assert_eq!(nothing.missing.len(), 4);
}

#[tokio::test]
async fn a_role_without_rights_sees_what_it_may() {
    let test = any_database().await;
    let role = format!("poor_{}", test.name);
    test.run(&format!("create role \"{role}\" login password 'poor'")).await;
    let database = Database::from_url(&test.url_as(&role, "poor")).await.unwrap();
    let name = TableName::new("public", "evaluation_runs");
    assert_eq!(table(&database, &name).await.unwrap().columns[0].null_fraction, None);
    assert!(!evaluation_schema(&database).await.unwrap().tables[0].readable);
    assert_eq!(rows(&database, &query(name)).await.unwrap_err().kind(), ErrorKind::PermissionDenied);
}
