//! An export that fails on its way to standard output: nobody takes what is there for the whole.

use std::process::Output;

use support::{Cli, Finished, any_database};

const BROKEN: &str = "select g, 1 / (g - 90000) as q from generate_series(1, 100000) g";

fn ran(cli: &Cli, url: &str, format: &str, sql: &str) -> Output {
    let asked = ["query", sql, "--format", format, "--table", "t", "--url", url];
    cli.command().args(asked).output().unwrap()
}

#[tokio::test]
async fn what_failed_has_no_end_and_says_how_many_rows_there_are() {
    let (cli, database) = (Cli::new(), any_database().await);
    for format in ["csv", "tsv", "json", "jsonl", "parquet", "insert"] {
        let ran = ran(&cli, &database.url, format, BROKEN);
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(1), "{format}: {said}");
        assert!(said.contains("division by zero"), "{format}: {said}");
        assert!(said.contains(" rows had been written by then"), "{format}: {said}");
        let out = ran.stdout;
        match format {
            "json" => {
                assert!(serde_json::from_slice::<serde_json::Value>(&out).is_err() && !out.ends_with(b"]\n"));
            }
            "parquet" => assert!(!out.ends_with(b"PAR1"), "the footer is written"),
            "insert" => assert!(!out.ends_with(b";\n"), "the statement is closed"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn the_rows_that_are_said_are_the_rows_that_are_there() {
    let (cli, database) = (Cli::new(), any_database().await);
    for (format, heads) in [("csv", 1), ("jsonl", 0)] {
        let ran = ran(&cli, &database.url, format, BROKEN);
        let lines = String::from_utf8(ran.stdout).unwrap().lines().count() - heads;
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert!(said.contains(&format!("; {lines} rows had been written")), "{lines}: {said}");
    }
}

#[tokio::test]
async fn a_whole_stream_has_its_end_and_a_broken_file_is_not_there() {
    let (cli, database) = (Cli::new(), any_database().await);
    let whole = ran(&cli, &database.url, "parquet", "select 1 as a").stdout;
    assert!(whole.starts_with(b"PAR1") && whole.ends_with(b"PAR1"));
    let none = ran(&cli, &database.url, "json", "select 1 as a where false").stdout;
    assert_eq!(String::from_utf8(none).unwrap(), "[\n]\n");
    let shown = ran(&cli, &database.url, "json", "show server_encoding").stdout;
    assert!(String::from_utf8(shown).unwrap().ends_with("\n]\n"));
    let refused: Finished =
        cli.run(&["query", BROKEN, "--out", "b.parquet", "--url", &database.url]).expect(1);
    assert!(
        refused.err.contains("division by zero") && !refused.err.contains("had been written"),
        "{}",
        refused.err
    );
    assert!(!cli.home().join("b.parquet").exists() && !cli.home().join("b.parquet.partial").exists());
}
