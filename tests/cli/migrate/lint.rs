//! Findings, as a check before a merge reads them.

use support::{Cli, empty_database, usual};

use super::Folder;

#[test]
fn a_folder_is_linted_without_a_database_and_an_error_fails_the_check() {
    let cli = Cli::new();
    let folder = Folder::new(&cli).file("1_a.up.sql", "create table a (id int);\nselect 1 from;\n");
    let lint = ["migrate", "lint", "--folder", folder.path()];
    let failed = cli.run(&lint).expect(1);
    assert!(failed.out.contains("1_a.up.sql:2:"), "{}", failed.out);
    assert!(failed.out.contains(": error: "), "{}", failed.out);
    let finished = cli.run(&[&lint[..], &["--json"]].concat()).expect(1);
    let document: serde_json::Value = serde_json::from_str(&finished.out).unwrap();
    let findings = document[0]["findings"].as_array().unwrap();
    assert!(findings.iter().any(|one| one["level"] == "error"), "{document}");
}

#[test]
fn a_file_that_cannot_be_run_is_an_error_whatever_keeps_it() {
    for (text, why) in [
        (&b"-- nothing yet\n"[..], "holds no statement"),
        (b"select '\xff'", "is not UTF-8"),
        (b"\\i other.sql\n", "psql"),
        (b"-- evaldesk: quickly\nselect 1", "not known"),
    ] {
        let cli = Cli::new();
        let folder = Folder::new(&cli);
        std::fs::write(folder.0.join("1_a.up.sql"), text).unwrap();
        let failed = cli.run(&["migrate", "lint", "--folder", folder.path()]).expect(1);
        assert!(failed.out.contains(why) && failed.err.contains("1 error"), "{why}: {failed:?}");
    }
}

#[tokio::test]
async fn a_finding_names_its_rewrite_and_is_accepted_with_a_reason_that_stays_in_the_file() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    database.run("create table orders as select n as id from generate_series(1, 200000) as n").await;
    database.run("analyze orders").await;
    let folder = Folder::new(&cli).file("1_a.up.sql", "create index orders_by_id on orders (id);\n");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let lint = [&["migrate", "lint", "--json"], &with[..]].concat();
    let linted: serde_json::Value = serde_json::from_str(&cli.run(&lint).expect(1).out).unwrap();
    let finding = &linted[0]["findings"][0];
    assert!(finding["rewrite"].as_str().unwrap().contains("concurrently"), "{finding}");
    let rule = finding["rule"].as_str().unwrap().to_owned();
    let open = open_of(&linted, &rule);
    let accept = ["migrate", "lint", "1", "--accept", &rule, "--because", "nobody writes at night"];
    let _ = cli.run(&[&accept[..], &with[..]].concat()).expect(0);
    let text = std::fs::read_to_string(folder.0.join("1_a.up.sql")).unwrap();
    assert!(text.contains(&format!("accept {rule} because nobody writes at night")), "{text}");
    // Nothing stands against it any more: the check passes.
    let linted = cli.json(&lint);
    assert_eq!(open_of(&linted, &rule), open - 1, "{linted}");
}

fn open_of(linted: &serde_json::Value, rule: &str) -> usize {
    let findings = linted[0]["findings"].as_array().unwrap();
    findings.iter().filter(|one| one["rule"] == rule && one["accepted"].is_null()).count()
}
