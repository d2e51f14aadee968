//! Bytes that are no UTF-8, which a database in SQL_ASCII holds: as they are where a format is bytes, as the grid shows
//! them where it has to be text.

use std::io::Write as _;

use evaldesk_core::clock::FixedClock;
use evaldesk_core::connection::Database;
use evaldesk_core::job::JobContext;
use evaldesk_core::query::export::{
    ExportPlace, QueryExportFormat, QueryExportRequest, export_query, export_result,
};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use support::{TestDatabase, for_each_version};

use crate::query_tab::Tab;

async fn in_ascii(test: &TestDatabase) -> Database {
    let name = format!("{}_ascii", test.name);
    let options = "template template0 encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C'";
    test.run(&format!("create database \"{name}\" {options}")).await;
    Database::from_url(&test.cluster().url(&name)).await.unwrap()
}

const WORLD: &str = "create table t as select 1 as n, E'gr\\xf6\\xdfe, \"x\"' as v; select * from t";

fn wanted(format: QueryExportFormat) -> QueryExportRequest {
    let table = Some("t".to_owned());
    QueryExportRequest { text: "select * from t".to_owned(), parameters: Vec::new(), format, table }
}

/// The file that the server was asked for, which is the one that a tab's rows give.
async fn exported(tab: &Tab, result: &str, format: QueryExportFormat) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| ExportPlace { path: folder.path().join(name), overwrite: false };
    let (clock, job) = (FixedClock("2026-03-01T00:00:00Z".parse().unwrap()), JobContext::detached());
    let (asked, held) = (place("asked"), place("held"));
    export_query(&tab.database, &wanted(format), &asked, &clock, &job).await.unwrap();
    let reading = tab.tabs.result(result, None).unwrap();
    export_result(&tab.database, reading, &wanted(format), &held, &clock, &job).await.unwrap();
    let bytes = std::fs::read(&asked.path).unwrap();
    assert!(bytes == std::fs::read(&held.path).unwrap(), "{format:?} differs by where the rows came from");
    bytes
}

#[tokio::test]
async fn csv_tsv_and_inserts_have_the_bytes_and_the_rest_has_them_in_words() {
    for_each_version(|test| async move {
        let tab = Tab::on(in_ascii(&test).await);
        let state = tab.run(WORLD).await;
        let result = &state.results[0].id;
        let csv = exported(&tab, result, QueryExportFormat::Csv).await;
        assert_eq!(csv, b"n,v\r\n1,\"gr\xf6\xdfe, \"\"x\"\"\"\r\n");
        assert_eq!(exported(&tab, result, QueryExportFormat::Tsv).await, b"n\tv\n1\tgr\xf6\xdfe, \"x\"\n");
        let inserts = exported(&tab, result, QueryExportFormat::Insert).await;
        assert!(inserts.ends_with(b"(1, 'gr\xf6\xdfe, \"x\"');\n"), "{}", String::from_utf8_lossy(&inserts));
        for format in [QueryExportFormat::Json, QueryExportFormat::Jsonl] {
            let text = String::from_utf8(exported(&tab, result, format).await).unwrap();
            assert!(text.contains(r#"{"n":1,"v":"gr\\xF6\\xDFe, \"x\""}"#), "{text}");
        }
        let parquet = exported(&tab, result, QueryExportFormat::Parquet).await;
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&parquet).unwrap();
        let parquet = SerializedFileReader::new(file).unwrap();
        let row = parquet.get_row_iter(None).unwrap().next().unwrap().unwrap();
        let value = row.get_column_iter().nth(1).unwrap().1.to_string();
        assert_eq!(value, "\"gr\\xF6\\xDFe, \"x\"\"");
    })
    .await;
}
