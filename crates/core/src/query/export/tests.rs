//! Formats byte by byte, and the file's way to its place.

use std::path::Path;

use super::request::{ExportPlace, QueryExportFormat};
use super::row::{Row, Span};
use super::target::Target;
use super::writer::writer;
use crate::ErrorKind;
use crate::query::{ColumnKind, QueryColumn, copy_text};

fn columns(types: &[(&str, &str)]) -> Vec<QueryColumn> {
    let column = |(name, type_name): &(&str, &str)| QueryColumn {
        name: (*name).into(),
        type_name: (*type_name).into(),
        kind: ColumnKind::Other,
        table: None,
        column: None,
    };
    types.iter().map(column).collect()
}

/// The cells one after another, and where each is.
fn laid_out(cells: &[Option<&[u8]>]) -> (Vec<u8>, Vec<Span>) {
    let mut bytes = Vec::new();
    let mut place = |cell: &[u8]| {
        let from = bytes.len();
        bytes.extend_from_slice(cell);
        (from, bytes.len())
    };
    let spans = cells.iter().map(|cell| cell.map(&mut place)).collect();
    (bytes, spans)
}

fn place(path: &Path, overwrite: bool) -> ExportPlace {
    ExportPlace { path: path.to_owned(), overwrite }
}

fn written(format: QueryExportFormat, types: &[(&str, &str)], rows: &[&[Option<&[u8]>]]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let mut target = Target::create(&place(&path, false)).unwrap();
    let mut writer = writer(format, &columns(types), "\"t\"".into()).unwrap();
    writer.begin(&mut target).unwrap();
    for cells in rows {
        let (bytes, spans) = laid_out(cells);
        writer.row(Row::new(&bytes, &spans), &mut target).unwrap();
    }
    writer.end(&mut target).unwrap();
    target.close().unwrap();
    target.put_in_place().unwrap();
    std::fs::read(path).unwrap()
}

fn text(format: QueryExportFormat, types: &[(&str, &str)], rows: &[&[Option<&[u8]>]]) -> String {
    String::from_utf8(written(format, types, rows)).unwrap()
}

#[test]
fn csv_tells_null_from_empty_and_quotes_what_it_must() {
    let rows: &[&[Option<&[u8]>]] =
        &[&[None, Some(b"")], &[Some(b"a,b"), Some(b"say \"x\"\r\n")], &[Some(b" a "), Some(b"\\.")]];
    assert_eq!(
        text(QueryExportFormat::Csv, &[("a", "text"), ("b\"", "text")], rows),
        "a,\"b\"\"\"\r\n,\"\"\r\n\"a,b\",\"say \"\"x\"\"\r\n\"\r\n a ,\\.\r\n"
    );
    let alone: &[&[Option<&[u8]>]] = &[&[Some(b"\\.")], &[None]];
    let written = text(QueryExportFormat::Csv, &[("a", "text")], alone);
    assert_eq!(written, "a\r\n\"\\.\"\r\n\r\n", "it would end the data of a server");
}

#[test]
fn tsv_escapes_as_copy_does_and_reads_back() {
    let rows: &[&[Option<&[u8]>]] = &[&[None, Some(b"")], &[Some(b"a\tb\\N\n"), Some(b"\x08\x0b\x0c\r")]];
    let out = text(QueryExportFormat::Tsv, &[("a", "text"), ("b", "text")], rows);
    assert_eq!(out, "a\tb\n\\N\t\na\\tb\\\\N\\n\t\\b\\v\\f\\r\n");
    let (mut lines, mut cells) = (out.into_bytes(), Vec::new());
    let first = copy_text::read(&mut lines, 4, &mut cells);
    assert_eq!(Row::new(&lines, &cells).iter().collect::<Vec<_>>(), [None, Some(b"".as_slice())]);
    assert_eq!(copy_text::read(&mut lines, first, &mut cells), lines.len());
    let read = Row::new(&lines, &cells).iter().collect::<Vec<_>>();
    assert_eq!(read, [Some(b"a\tb\\N\n".as_slice()), Some(b"\x08\x0b\x0c\r")]);
}

#[test]
fn json_keeps_every_digit_and_embeds_json() {
    let types = [("n", "numeric"), ("n", "double precision"), ("b", "boolean"), ("j", "json"), ("t", "text")];
    let rows: &[&[Option<&[u8]>]] = &[
        &[
            Some(b"12345678901234567890.10"),
            Some(b"NaN"),
            Some(b"t"),
            Some(b"{\"a\":\n 1e400}"),
            Some(b"\x01\"\\\xff"),
        ],
        &[None, Some(b"1e+300"), Some(b"f"), None, Some("\u{e9}".as_bytes())],
    ];
    let lines = text(QueryExportFormat::Jsonl, &types, rows);
    let first =
        r#"{"n":12345678901234567890.10,"n_2":"NaN","b":true,"j":{"a":  1e400},"t":"\u0001\"\\\\xFF"}"#;
    let second = "{\"n\":null,\"n_2\":1e+300,\"b\":false,\"j\":null,\"t\":\"\u{e9}\"}";
    assert_eq!(lines, format!("{first}\n{second}\n"));
    assert_eq!(text(QueryExportFormat::Json, &types, rows), format!("[\n{first},\n{second}\n]\n"));
    assert_eq!(text(QueryExportFormat::Json, &types, &[]), "[\n]\n");
}

#[test]
fn inserts_quote_names_and_values() {
    let types = [("a\"", "integer"), ("b", "text"), ("c", "double precision"), ("d", "boolean")];
    let rows: &[&[Option<&[u8]>]] = &[
        &[Some(b"-1"), Some(b"it's \\"), Some(b"-Infinity"), Some(b"t")],
        &[None, Some(b""), Some(b"1.5"), None],
    ];
    assert_eq!(
        text(QueryExportFormat::Insert, &types, rows),
        "insert into \"t\" (\"a\"\"\", \"b\", \"c\", \"d\") values\n(-1, E'it''s \\\\', '-Infinity', true),\n(null, '', 1.5, null);\n"
    );
}

#[test]
fn many_rows_are_several_statements() {
    let cells: &[Option<&[u8]>] = &[Some(b"1")];
    let out = text(QueryExportFormat::Insert, &[("a", "integer")], &vec![cells; 1001]);
    assert_eq!(out.matches("insert into").count(), 3);
    assert_eq!(out.matches(";\n").count(), 3);
}

#[test]
fn a_file_that_is_there_is_left_alone_unless_it_may_go() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, "mine").unwrap();
    assert_eq!(Target::create(&place(&path, false)).err().unwrap().kind(), ErrorKind::Conflict);
    drop(Target::create(&place(&path, true)).unwrap());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine", "an export that was given up leaves it");
    let mut target = Target::create(&place(&path, true)).unwrap();
    target.buffer().extend_from_slice(b"theirs");
    target.close().unwrap();
    target.put_in_place().unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "theirs");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left aside");
}

#[test]
fn what_another_program_made_meanwhile_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let mut target = Target::create(&place(&path, false)).unwrap();
    assert_eq!(
        Target::create(&place(&path, false)).err().unwrap().kind(),
        ErrorKind::Conflict,
        "two exports of one name"
    );
    std::fs::write(&path, "mine").unwrap();
    target.close().unwrap();
    assert_eq!(target.put_in_place().unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
