//! `evaldesk database`: listed, made, and dropped only by its name.

use support::{Cli, any_database};

#[tokio::test]
async fn a_database_is_made_listed_and_dropped_by_its_name_alone() {
    let (cli, database) = (Cli::new(), any_database().await);
    let name = format!("{}_second", database.name);
    let run = |words: &[&str]| cli.run(&[&["database"], words, &["--url", &database.url]].concat());
    let planned = run(&["create", &name, "--encoding", "utf8", "--locale", "C", "--plan"]).expect(0);
    assert!(
        planned.out.contains("create database") && planned.out.contains("encoding 'UTF8'"),
        "{}",
        planned.out
    );
    run(&["create", &name, "--encoding", "utf8", "--locale", "C"]).expect_code(0);
    assert!(run(&["list"]).expect(0).out.contains(&name));
    let refused = run(&["drop", &name]).expect(4);
    assert!(refused.err.contains(&format!("--confirm {name}")), "{}", refused.err);
    run(&["drop", &name, "--confirm", &database.name]).expect_code(4);
    run(&["drop", &name, "--confirm", &name]).expect_code(0);
    assert!(!run(&["list"]).expect(0).out.contains(&name));
}

#[tokio::test]
async fn what_a_server_has_no_word_for_is_refused_as_usage() {
    let (cli, database) = (Cli::new(), any_database().await);
    let told =
        cli.run(&["database", "create", "x", "--encoding", "EBCDIC", "--url", &database.url]).expect(2);
    assert!(told.err.contains("EBCDIC"), "{}", told.err);
}
