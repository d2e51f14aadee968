//! Exports against real servers: what a server reads back is what was there, and what fails leaves nothing.

use std::path::{Path, PathBuf};

use evaldesk_core::clock::FixedClock;
use evaldesk_core::job::JobContext;
use evaldesk_core::query::QueryParameter;
use evaldesk_core::query::export::{
    ExportManifest, QueryExport, QueryExportFormat, QueryExportRequest, export_query,
};
use evaldesk_core::{Error, ErrorKind};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use support::{TestDatabase, any_database, empty_database, for_each_version, usual};

/// Every kind of value that formats differ by, three rows: plain, extreme, NULL.
const VALUES: &str = r#"
create table v (
    a smallint, b integer, c bigint, d real, e double precision, f numeric, g numeric(12, 3), h boolean,
    i date, j timestamp, k timestamptz, l uuid, m json, n jsonb, o bytea, p text, q integer[], r interval
);
insert into v values
    (1, 2, 1, 1.5, 2.5, 12345678901234567890.10, 1.5, true, '2026-01-02', '2026-01-02 03:04:05.123456',
     '2026-01-02 03:04:05+05:30', '00000000-0000-0000-0000-0000000000ff', '{"a": [1,  2]}', '{"a": 1e2}', '\x00ff',
     E'tab\t, "quote" \\ line\n end', '{1,NULL}', '1 mon -2 days'),
    (-32768, -2147483648, 9223372036854775807, '-Infinity', 'NaN', 'NaN', -123456789.001, false, '0044-03-15 BC',
     '0001-01-01 00:00:00 BC', '290000-12-31 23:59:59.999999+00', null, 'null', '"x"', '', '', '{}', '0'),
    (null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null)
"#;

fn clock() -> FixedClock {
    FixedClock("2026-03-01T00:00:00Z".parse().unwrap())
}

fn request(text: &str, format: QueryExportFormat, path: &Path) -> QueryExportRequest {
    QueryExportRequest {
        text: text.to_owned(),
        parameters: Vec::new(),
        format,
        path: path.to_owned(),
        table: None,
        overwrite: false,
    }
}

async fn export(test: &TestDatabase, request: &QueryExportRequest) -> Result<QueryExport, Error> {
    export_query(&test.open().await, request, &clock(), &JobContext::detached()).await
}

fn here(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("Größe 'x'.out")
}

fn manifest(done: &QueryExport) -> ExportManifest {
    serde_json::from_slice(&std::fs::read(&done.manifest).unwrap()).unwrap()
}

fn left(folder: &tempfile::TempDir) -> usize {
    std::fs::read_dir(folder.path()).unwrap().count()
}

/// Sends a file to a table of the same shape, and counts rows that differ from the first.
async fn differs(test: &TestDatabase, bytes: Vec<u8>, options: &str) -> String {
    test.run("create table w (like v)").await;
    let mut session = test.session().await;
    let mut into = session.copy_in_raw(&format!("copy w from stdin with ({options})")).await.unwrap();
    into.send(bytes).await.unwrap();
    into.finish().await.unwrap();
    let rows = |table: &str| format!("select array_agg(x.*::text order by c) from {table} x");
    let same = format!("select ({}) = ({})", rows("v"), rows("w"));
    test.value(&same).await.unwrap()
}

#[tokio::test]
async fn a_server_reads_csv_back_as_it_was() {
    for_each_version(|test| async move {
        test.run(VALUES).await;
        let folder = tempfile::tempdir().unwrap();
        let done =
            export(&test, &request("select * from v order by c", QueryExportFormat::Csv, &here(&folder)))
                .await
                .unwrap();
        let bytes = std::fs::read(&done.path).unwrap();
        assert_eq!((done.rows, done.bytes), (3, bytes.len() as u64));
        assert!(bytes.starts_with(b"a,b,c,") && bytes.ends_with(b"\r\n"));
        assert_eq!(differs(&test, bytes, "format csv, header").await, "true");
    })
    .await;
}

#[tokio::test]
async fn a_server_reads_tsv_and_inserts_back_as_they_were() {
    for_each_version(|test| async move {
        test.run(VALUES).await;
        let folder = tempfile::tempdir().unwrap();
        let done =
            export(&test, &request("select * from v order by c", QueryExportFormat::Tsv, &here(&folder)))
                .await
                .unwrap();
        let text = std::fs::read_to_string(&done.path).unwrap();
        assert_eq!(done.rows, 3);
        let rows = text.split_once('\n').unwrap().1.as_bytes().to_vec();
        assert_eq!(differs(&test, rows, "format text").await, "true");
        let wanted = QueryExportRequest {
            table: Some("public.\"w\"".to_owned()),
            overwrite: true,
            ..request("select * from v", QueryExportFormat::Insert, &here(&folder))
        };
        let done = export(&test, &wanted).await.unwrap();
        test.run("truncate w").await;
        test.run(&std::fs::read_to_string(&done.path).unwrap()).await;
        let rows = |table: &str| format!("select array_agg(x.*::text order by c) from {table} x");
        assert_eq!(test.value(&format!("select ({}) = ({})", rows("v"), rows("w"))).await.unwrap(), "true");
    })
    .await;
}

#[tokio::test]
async fn json_has_the_digits_of_the_server() {
    let test = empty_database(usual()).await;
    test.run(VALUES).await;
    let folder = tempfile::tempdir().unwrap();
    let done = export(
        &test,
        &request(
            "select c, e, f, g, h, m, n, p, q from v order by c",
            QueryExportFormat::Jsonl,
            &here(&folder),
        ),
    )
    .await
    .unwrap();
    let text = std::fs::read_to_string(&done.path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].contains("\"f\":12345678901234567890.10,\"g\":1.500,\"h\":true,\"m\":{\"a\": [1,  2]}"),
        "{}",
        lines[0]
    );
    assert!(
        lines[1].starts_with("{\"c\":9223372036854775807,\"e\":\"NaN\",\"f\":\"NaN\",\"g\":-123456789.001"),
        "{}",
        lines[1]
    );
    for line in &lines {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
    assert_eq!(lines.len(), 3);
}

#[tokio::test]
async fn the_manifest_says_what_the_file_is_and_no_secret() {
    let test = any_database().await;
    let folder = tempfile::tempdir().unwrap();
    let text = "-- postgres://u:hunter2@h/d\nselect :a::int as x, $1::text as x";
    let parameters = [("a", Some("7")), ("1", None)]
        .map(|(name, value)| QueryParameter { name: name.into(), value: value.map(Into::into) });
    let wanted = QueryExportRequest {
        parameters: parameters.to_vec(),
        ..request(text, QueryExportFormat::Csv, &here(&folder))
    };
    let done = export(&test, &wanted).await.unwrap();
    let manifest = manifest(&done);
    assert_eq!(std::fs::read_to_string(&done.path).unwrap(), "x,x\r\n7,\r\n");
    assert_eq!((manifest.rows, manifest.bytes, &manifest.sha256), (1, done.bytes, &done.sha256));
    assert_eq!(manifest.parameters, parameters);
    assert_eq!(manifest.connection.database, test.name);
    assert!(manifest.snapshot_at.is_some_and(|at| at.ends_with("+00:00")));
    assert_eq!(
        manifest.columns.iter().map(|column| column.type_name.as_str()).collect::<Vec<_>>(),
        ["integer", "text"]
    );
    let written = std::fs::read_to_string(&done.manifest).unwrap();
    assert!(!written.contains("hunter2") && !written.contains("password"), "{written}");
    let sum = std::process::Command::new("sha256sum").arg(&done.path).output().unwrap().stdout;
    assert!(String::from_utf8(sum).unwrap().contains(&done.sha256));
}

#[tokio::test]
async fn what_fails_on_its_way_leaves_nothing() {
    let test = empty_database(usual()).await;
    test.run("create table t as select generate_series(1, 200000) as n").await;
    let folder = tempfile::tempdir().unwrap();
    for (text, kind) in [
        ("select 1 / (n - 150000) from t order by n", ErrorKind::InvalidArguments),
        ("select * from nowhere", ErrorKind::NotFound),
        ("select 1; select 2", ErrorKind::InvalidArguments),
        ("select :a", ErrorKind::InvalidArguments),
        ("with gone as (delete from t returning n) select * from gone", ErrorKind::Refused),
        ("delete from t returning n", ErrorKind::Refused),
        ("select 'a", ErrorKind::InvalidArguments),
    ] {
        let error = export(&test, &request(text, QueryExportFormat::Csv, &here(&folder))).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{text}: {error}");
        assert_eq!(left(&folder), 0, "{text}");
    }
    assert_eq!(test.count("t").await, 200_000);
}

#[tokio::test]
async fn a_cancelled_export_leaves_nothing() {
    let test = empty_database(usual()).await;
    let folder = tempfile::tempdir().unwrap();
    let job = JobContext::detached();
    let asked = job.clone();
    let wanted = request(
        "select n, repeat('x', 100) from generate_series(1, 100000000) n",
        QueryExportFormat::Jsonl,
        &here(&folder),
    );
    let database = test.open().await;
    let running = tokio::spawn(async move { export_query(&database, &wanted, &clock(), &asked).await });
    let partial = folder.path().join("Größe 'x'.out.partial");
    while std::fs::metadata(&partial).map_or(0, |found| found.len()) == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    job.cancel();
    assert_eq!(running.await.unwrap().unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(left(&folder), 0);
}

#[tokio::test]
async fn show_and_explain_and_a_result_without_rows_are_exported_too() {
    let test = empty_database(usual()).await;
    for (text, rows) in [
        ("show all", None),
        ("explain select 1", Some(1)),
        ("select 1 as a where false", Some(0)),
        ("table pg_am", None),
        ("(values (1), (2))", Some(2)),
        ("select 1 -- tail", Some(1)),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let done = export(&test, &request(text, QueryExportFormat::Csv, &here(&folder))).await.unwrap();
        assert!(rows.is_none_or(|rows| rows == done.rows) && done.bytes > 0, "{text}: {done:?}");
    }
}

/// A file's columns as physical and logical types, and its rows as text.
fn read_parquet(path: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let reader = SerializedFileReader::new(std::fs::File::open(path).unwrap()).unwrap();
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let types = schema
        .columns()
        .iter()
        .map(|column| format!("{} {:?}", column.physical_type(), column.logical_type_ref()));
    let rows = reader.get_row_iter(None).unwrap();
    let rows =
        rows.map(|row| row.unwrap().get_column_iter().map(|(_, value)| format!("{value:?}")).collect());
    (types.collect(), rows.collect())
}

#[tokio::test]
async fn parquet_has_the_values_in_their_types() {
    let test = empty_database(usual()).await;
    test.run(VALUES).await;
    test.run("insert into v (c, i, j, k) values (10, 'infinity', '-infinity', 'infinity')").await;
    let folder = tempfile::tempdir().unwrap();
    let done =
        export(&test, &request("select * from v order by c", QueryExportFormat::Parquet, &here(&folder)))
            .await
            .unwrap();
    let (types, rows) = read_parquet(&done.path);
    assert_eq!((done.rows, rows.len(), types.len()), (4, 4, 18));
    assert!(types[6].starts_with("INT64 Some(Decimal("), "{}", types[6]);
    assert!(types[11].starts_with("FIXED_LEN_BYTE_ARRAY Some(Uuid"), "{}", types[11]);
    assert!(types[13].starts_with("BYTE_ARRAY Some(Json"), "{}", types[13]);
    assert_eq!(rows[0][..4], ["Short(1)", "Int(2)", "Long(1)", "Float(1.5)"]);
    assert_eq!(rows[0][5], "Str(\"12345678901234567890.10\")");
    assert_eq!(rows[0][8], "Date(20455)");
    assert_eq!(rows[0][9], "TimestampMicros(1767323045123456)");
    assert_eq!(rows[0][10], "TimestampMicros(1767303245000000)");
    assert_eq!(rows[2][2], "Long(9223372036854775807)");
    assert_eq!(rows[2][8], "Date(-735160)");
    assert_eq!(
        (rows[1][8].as_str(), rows[1][9].as_str()),
        ("Date(2147483647)", "TimestampMicros(-9223372036854775808)")
    );
    assert!(rows[3].iter().all(|value| value == "Null"));
    let manifest = manifest(&done);
    assert!(manifest.notes.iter().any(|note| note.contains("infinity")), "{:?}", manifest.notes);
    assert_eq!(manifest.columns[6].written_as, "INT64 decimal(12,3)");
}

#[tokio::test]
async fn what_parquet_cannot_hold_is_named_and_nothing_is_left() {
    let test = empty_database(usual()).await;
    test.run(
        "create table n (bad numeric(5, 2), far timestamp); insert into n values ('NaN', '294276-12-31')",
    )
    .await;
    let folder = tempfile::tempdir().unwrap();
    for column in ["bad", "far"] {
        let text = format!("select {column} from n");
        let error =
            export(&test, &request(&text, QueryExportFormat::Parquet, &here(&folder))).await.unwrap_err();
        assert!(error.message().contains(column) && error.hint_text().unwrap().contains("Cast"), "{error}");
        assert_eq!(left(&folder), 0);
    }
    let text = "select bad::text, far::text from n";
    export(&test, &request(text, QueryExportFormat::Parquet, &here(&folder))).await.unwrap();
}

#[tokio::test]
async fn parquet_goes_on_over_many_groups_of_rows() {
    let test = empty_database(usual()).await;
    let folder = tempfile::tempdir().unwrap();
    let text = "select n::bigint, md5(n::text) as h from generate_series(1, 300000) n order by n";
    let done = export(&test, &request(text, QueryExportFormat::Parquet, &here(&folder))).await.unwrap();
    let reader = SerializedFileReader::new(std::fs::File::open(&done.path).unwrap()).unwrap();
    assert_eq!((reader.num_row_groups(), reader.metadata().file_metadata().num_rows()), (3, 300_000));
}

/// Python reads the file apart from us: `pip` is not on every machine that runs tests, so this is asked for by hand.
#[tokio::test]
#[ignore = "wants EVALDESK_TEST_DUCKDB, a python that has duckdb and pyarrow"]
async fn duckdb_and_pyarrow_read_parquet_back_equal() {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test program is told by its environment where python is"
    )]
    let python = std::env::var("EVALDESK_TEST_DUCKDB").expect("EVALDESK_TEST_DUCKDB names a python");
    let test = empty_database(usual()).await;
    test.run(VALUES).await;
    test.run("insert into v (c, i, j, k) values (10, 'infinity', '-infinity', 'infinity')").await;
    let folder = tempfile::tempdir().unwrap();
    let (csv, parquet) = (folder.path().join("v.csv"), folder.path().join("v.parquet"));
    let text = "select a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r from v order by c";
    export(&test, &request(text, QueryExportFormat::Csv, &csv)).await.unwrap();
    export(&test, &request(text, QueryExportFormat::Parquet, &parquet)).await.unwrap();
    let script = support::root().join("tests/fixtures/parquet/read.py");
    let ran = std::process::Command::new(python).arg(script).arg(&parquet).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    assert!(said.ends_with("equal\n"), "{said}");
}
