//! Exports against real servers: what a server reads back is what was there, and what fails leaves nothing.

use std::path::{Path, PathBuf};

use evaldesk_core::clock::FixedClock;
use evaldesk_core::job::JobContext;
use evaldesk_core::query::export::{
    ExportManifest, ExportPlace, QueryExport, QueryExportFormat, QueryExportRequest, export_query,
    export_result, stream_query,
};
use evaldesk_core::query::{FilterTest, QueryFilter, QueryOrder, QueryParameter};
use evaldesk_core::{Error, ErrorKind};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use sqlx::{Row as _, ValueRef as _};
use support::{TestDatabase, any_database, empty_database, for_each_version, usual};

use crate::query_tab::Tab;

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

/// What to export, and where to.
type Wanted = (QueryExportRequest, ExportPlace);

fn request(text: &str, format: QueryExportFormat, path: &Path) -> Wanted {
    let request = QueryExportRequest { text: text.to_owned(), parameters: Vec::new(), format, table: None };
    (request, ExportPlace { path: path.to_owned(), overwrite: false })
}

async fn export(test: &TestDatabase, (request, place): &Wanted) -> Result<QueryExport, Error> {
    export_query(&test.open().await, request, place, &clock(), &JobContext::detached()).await
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
        let (mut wanted, mut place) = request("select * from v", QueryExportFormat::Insert, &here(&folder));
        (wanted.table, place.overwrite) = (Some("public.\"w\"".to_owned()), true);
        let done = export(&test, &(wanted, place)).await.unwrap();
        test.run("truncate w").await;
        test.run(&std::fs::read_to_string(&done.path).unwrap()).await;
        let rows = |table: &str| format!("select array_agg(x.*::text order by c) from {table} x");
        assert_eq!(test.value(&format!("select ({}) = ({})", rows("v"), rows("w"))).await.unwrap(), "true");
    })
    .await;
}

/// Exports what a tab holds; returns the file.
async fn stored(tab: &Tab, result: &str, view: Option<&str>, format: QueryExportFormat) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let (mut request, place) = request("select 1", format, &here(&folder));
    request.table = Some("w".to_owned());
    let (reading, job) = (tab.tabs.result(result, view).unwrap(), JobContext::detached());
    let done = export_result(&tab.database, reading, &request, &place, &clock(), &job).await.unwrap();
    assert!(manifest(&done).snapshot_at.is_none(), "nobody knows of which moment the rows are");
    std::fs::read(done.path).unwrap()
}

#[tokio::test]
async fn a_result_of_a_tab_gives_the_same_file_as_the_server() {
    for_each_version(|test| async move {
        test.run(VALUES).await;
        let tab = Tab::of(&test).await.with_budget(1024 * 1024);
        let odd = "select '\\.' as \"\\.\"";
        let many = "select n, md5(n::text) || chr(10) as h, case when n % 3 = 0 then '' end as e, \
            jsonb_build_object('n', n, 'q', '\"') as j from generate_series(1, 30000) n order by n";
        for sql in ["select * from v order by c", "select * from v where false", odd, many] {
            let state = tab.run(sql).await;
            for format in QueryExportFormat::ALL {
                let folder = tempfile::tempdir().unwrap();
                let (mut wanted, place) = request(sql, format, &here(&folder));
                wanted.table = Some("w".to_owned());
                let asked = export(&test, &(wanted, place)).await.unwrap();
                let held = stored(&tab, &state.results[0].id, None, format).await;
                assert!(std::fs::read(&asked.path).unwrap() == held, "{format:?} of {sql}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_view_is_exported_sorted_and_filtered() {
    let test = any_database().await;
    let tab = Tab::of(&test).await.with_budget(1024 * 1024);
    let state = tab.run("select n, repeat('x', 100) as x from generate_series(1, 30000) n").await;
    let id = &state.results[0].id;
    let sort = vec![QueryOrder { column: 0, descending: true }];
    let filter = QueryFilter { column: 0, op: FilterTest::Contains, value: "77".to_owned() };
    let view = tab.tabs.view(id, sort, vec![filter]).await.unwrap();
    let text = String::from_utf8(stored(&tab, id, Some(&view.id), QueryExportFormat::Csv).await).unwrap();
    let shown: Vec<u32> =
        text.lines().skip(1).map(|line| line.split(',').next().unwrap().parse().unwrap()).collect();
    let wanted: Vec<u32> = (1..=30_000).rev().filter(|n| n.to_string().contains("77")).collect();
    assert_eq!(shown, wanted);
}

#[tokio::test]
async fn rows_that_are_not_all_there_are_not_exported_as_all() {
    let test = any_database().await;
    let tab = Tab::of(&test).await;
    let state = tab.run("select 1 / (5000 - n) from generate_series(1, 10000) n").await;
    let (request, place) = request("select 1", QueryExportFormat::Csv, Path::new("/nowhere/x"));
    let (reading, job) = (tab.tabs.result(&state.results[0].id, None).unwrap(), JobContext::detached());
    let refused = export_result(&tab.database, reading, &request, &place, &clock(), &job).await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Precondition);
}

/// A stream whose reader takes so many bytes and goes away.
struct Head(usize);

impl std::io::Write for Head {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_reader_that_goes_away_ends_the_statement_on_the_server() {
    let test = any_database().await;
    let text = "select /* endless */ n, case when n > 100000 then pg_sleep(100) end \
        from (select generate_series(1, 1000000000) as n) as s";
    let (wanted, _) = request(text, QueryExportFormat::Csv, Path::new(""));
    let (database, job) = (test.open().await, JobContext::detached());
    let ended = stream_query(&database, &wanted, Box::new(Head(300_000)), &job).await;
    assert_eq!(ended.unwrap_err().kind(), ErrorKind::Storage);
    let running = "select count(*) from pg_stat_activity where query like '%endless%' and state = 'active' \
        and pid <> pg_backend_pid()";
    while test.value(running).await.as_deref() != Some("0") {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn what_a_killed_program_left_aside_is_taken_over() {
    let test = any_database().await;
    let folder = tempfile::tempdir().unwrap();
    let aside = folder.path().join("Größe 'x'.out.partial");
    std::fs::write(&aside, "half a row of the last one, and longer than the whole of this").unwrap();
    let done =
        export(&test, &request("select 1 as a", QueryExportFormat::Csv, &here(&folder))).await.unwrap();
    assert_eq!(std::fs::read_to_string(&done.path).unwrap(), "a\r\n1\r\n");
    assert!(!aside.exists());
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
    let mut wanted = request(text, QueryExportFormat::Csv, &here(&folder));
    wanted.0.parameters = parameters.to_vec();
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
    let (wanted, place) = request(
        "select generate_series(1, 100000000), repeat('x', 100)",
        QueryExportFormat::Jsonl,
        &here(&folder),
    );
    let database = test.open().await;
    let running =
        tokio::spawn(async move { export_query(&database, &wanted, &place, &clock(), &asked).await });
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
        ("Date(2147483647)", "TimestampMicros(-9223372036854775807)")
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

/// Every type that a file tells apart, and texts of those that it does not; plain, extreme, infinite, NULL.
const TYPED: &str = r#"
select * from (values
    (1::smallint, 2::integer, 3::bigint, 4::oid, 1.5::real, 2.5::float8, 12345678901234567890.10::numeric, 1.5::numeric(7, 3),
     1.25::numeric(18, 2), 1::numeric(38, 10), true, '2026-01-02'::date, '2026-01-02 03:04:05.123456'::timestamp,
     '2026-01-02 03:04:05.5+05:30'::timestamptz, '00000000-0000-0000-0000-0000000000ff'::uuid, '{"a": [1,  2]}'::json,
     '{"a": 1e2}'::jsonb, '\x00ff'::bytea, E'tab\t, "quote" \\ line\n end'::text, '{1,NULL}'::int[],
     '1 mon -2 days 03:00'::interval, '03:04:05.6'::time, '03:04:05+02'::timetz, 'größe 🦀'::varchar(20), 'ab'::char(5),
     '192.168.0.1/24'::inet, '[1,5)'::int4range, '(1,2)'::point, array[row(1, 'a"b')], '1'::bit, '<a/>'::xml),
    (-32768, -2147483648, -9223372036854775808, 4294967295, '-Infinity', 'Infinity', 'NaN', -9999.999,
     -9999999999999999.99, -9999999999999999999999999999.9999999999, false, 'infinity', 'infinity', 'infinity',
     'ffffffff-ffff-ffff-ffff-ffffffffffff', 'null', '"x"', '', '', '{}', '-178000000 years', '24:00', '00:00-15:59', '', '',
     '::1', 'empty', '(-1e300,1e300)', '{}', '0', ''),
    (32767, 2147483647, 9223372036854775807, 0, 'NaN', 'NaN', 1e-20, 9999.999, 9999999999999999.99,
     9999999999999999999999999999.9999999999, null, '-infinity', '-infinity', '-infinity', null, '[]', '{}', null,
     repeat('x', 100000), null, null, null, null, 'a', 'b', null, null, null, null, null, null),
    (0, 0, 0, 1, 1e-45, 5e-324, -0.000, 0, 0, 0, true, '4713-01-01 BC', '4713-01-01 00:00:00 BC',
     '0044-03-15 12:00:00.000001+00 BC', null, '1', '1', '\xdeadbeef', ' ', '{{1,2},{3,4}}', '00:00:00.000001', '00:00',
     '12:00+00', ' ', ' ', '10.0.0.0/8', '(,)', '(0,0)', null, '1', null),
    (1, 1, 1, 1, 3.4028235e38, 1.7976931348623157e308, 1e40, 1, 1, 1, false, '5874897-12-31', '294246-12-31 23:59:59.999999',
     '294246-12-31 23:59:59.999999+00', null, '[1, 2.50]', '[1, 2.50]', '\x', 'NULL', '{NULL}', '999 years', '23:59:59.999999',
     '00:00+15:59', 'x', 'y', '::/0', '[1,1]', '(1,NaN)', null, '0', null),
    (null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
     null, null, null, null, null, null, null, null, null, null, null)
) as t (a, a, c, d, e, f, g, h, "i.j", j, k, l, m, n, o, p, q, r, s, t, u, v, w, "x ""y""", y, z, aa, bb, cc, dd, ee)
"#;

/// What Parquet holds is what the server says, as DuckDB reads it: its columns, types and every value.
#[tokio::test]
async fn duckdb_reads_every_type_of_parquet_back_equal() {
    for_each_version(|test| async move {
        let folder = tempfile::tempdir().unwrap();
        let parquet = folder.path().join("typed.parquet");
        let done = export(&test, &request(TYPED, QueryExportFormat::Parquet, &parquet)).await.unwrap();
        assert_eq!(done.rows, 6);
        let expected = folder.path().join("expected.json");
        std::fs::write(&expected, server_text(&test, TYPED, &manifest(&done)).await.to_string()).unwrap();
        let ran = std::process::Command::new("python3")
            .arg(support::root().join("tests/fixtures/parquet/read.py"))
            .args([&parquet, &expected])
            .env("PYTHONPATH", support::peers::duckdb())
            .output()
            .unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    })
    .await;
}

/// The server's own text of every value, and the names that the file has for columns of one name.
async fn server_text(test: &TestDatabase, sql: &str, manifest: &ExportManifest) -> serde_json::Value {
    let mut session = test.session().await;
    sqlx::raw_sql("set timezone = 'UTC'; set datestyle = 'ISO, MDY'").execute(&mut session).await.unwrap();
    let found = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).fetch_all(&mut session).await.unwrap();
    let text = |row: &sqlx::postgres::PgRow, at: usize| {
        let value = row.try_get_raw(at).unwrap();
        (!value.is_null()).then(|| value.as_str().unwrap().to_owned())
    };
    let rows: Vec<Vec<Option<String>>> =
        found.iter().map(|row| (0..row.len()).map(|at| text(row, at)).collect()).collect();
    let mut seen = Vec::new();
    let columns = manifest.columns.iter().map(|column| {
        let again = seen.contains(&column.name);
        seen.push(column.name.clone());
        let name = if again { format!("{}_2", column.name) } else { column.name.clone() };
        serde_json::json!({ "name": name, "type": column.type_name })
    });
    let columns: Vec<_> = columns.collect();
    serde_json::json!({ "columns": columns, "rows": rows })
}
