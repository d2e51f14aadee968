//! `evaldesk demo` and `evaldesk run`: data in, and the same data out.

use support::{Cli, any_database};

#[tokio::test]
async fn a_demo_history_is_loaded_and_listed() {
    let (cli, database) = (Cli::new(), any_database().await);
    let load = ["demo", "load", "--runs", "20", "--results", "120", "--seed", "7", "--url", &database.url];
    let _ = cli.run(&load).expect(0);
    let page = cli.json(&["run", "list", "--json", "--limit", "5", "--url", &database.url]);
    assert_eq!(page["runs"].as_array().unwrap().len(), 5);
    assert_eq!(database.count("evaluation_runs").await, 20);
    let id = page["runs"][0]["id"].as_str().unwrap();
    let shown = cli.json(&["run", "show", id, "--json", "--url", &database.url]);
    assert_eq!(shown["row"]["id"], page["runs"][0]["id"]);
    let next = cli.json(&[
        "run",
        "list",
        "--json",
        "--limit",
        "5",
        "--cursor",
        page["older"].as_str().unwrap(),
        "--url",
        &database.url,
    ]);
    assert_ne!(next["runs"][0]["id"], page["runs"][0]["id"]);
}

#[tokio::test]
async fn a_database_that_holds_runs_is_not_mixed_with_demo_data() {
    let (cli, database) = (Cli::new(), any_database().await);
    let load = ["demo", "load", "--runs", "3", "--results", "9", "--url", &database.url];
    let _ = cli.run(&load).expect(0);
    let refused = cli.run(&load);
    assert_ne!(refused.code, 0, "{}", refused.out);
    assert!(refused.err.contains("--append") || refused.err.contains("append"), "{}", refused.err);
    assert_eq!(database.count("evaluation_runs").await, 3);
}

#[tokio::test]
async fn one_seed_tells_one_history() {
    let (cli, one, other) = (Cli::new(), any_database().await, any_database().await);
    for database in [&one, &other] {
        let load = ["demo", "load", "--runs", "10", "--results", "40", "--seed", "3", "--url", &database.url];
        let _ = cli.run(&load).expect(0);
    }
    let told = "select md5(string_agg(name || status || coalesce(initiated_by, ''), ',' order by id)) from evaluation_runs";
    assert_eq!(one.value(told).await, other.value(told).await);
}

#[test]
fn a_database_without_the_tables_says_what_to_do() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let database = runtime.block_on(support::empty_database(support::usual()));
    let finished = Cli::new().run(&["run", "list", "--url", &database.url]).expect(1);
    assert!(finished.err.contains("hint:"), "{}", finished.err);
}

#[tokio::test]
async fn a_trace_that_is_not_there_is_no_empty_tree() {
    let (cli, database) = (Cli::new(), any_database().await);
    let missing = cli.run(&["span", "tree", "nosuch", "--url", &database.url]).expect(1);
    assert!(missing.err.contains("nosuch") && missing.out.is_empty(), "{}{}", missing.err, missing.out);
}

#[tokio::test]
async fn a_chart_is_what_its_files_ending_says() {
    let (cli, database) = (Cli::new(), any_database().await);
    for (file, begins) in [("sizes.svg", &b"<svg"[..]), ("sizes.PNG", b"\x89PNG")] {
        let _ = cli.run(&["chart", "index-sizes", "--out", file, "--url", &database.url]).expect(0);
        assert!(std::fs::read(cli.home().join(file)).unwrap().starts_with(begins), "{file}");
    }
    let other = cli.run(&["chart", "index-sizes", "--out", "sizes.gif", "--url", &database.url]).expect(2);
    assert!(other.err.contains(".svg or .png"), "{}", other.err);
}
