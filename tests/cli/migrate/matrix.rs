//! Environments side by side, and the order among them.

use serde_json::Value;
use support::{Cli, TestDatabase, empty_database, usual};

use super::Folder;

/// Staging and production of one folder of two versions; production waits for staging.
struct Shop {
    cli: Cli,
    folder: Folder,
    staging: TestDatabase,
    production: TestDatabase,
}

impl Shop {
    async fn new() -> Self {
        let cli = Cli::new();
        let folder = Folder::new(&cli)
            .file("1_a.up.sql", "create table a (id int)")
            .file("1_a.down.sql", "drop table a")
            .file("2_b.up.sql", "create table b (id int)")
            .file("2_b.down.sql", "drop table b");
        let (staging, production) = (empty_database(usual()).await, empty_database(usual()).await);
        add(&cli, "Staging", &staging, "staging", &["--migrations-folder", folder.path()]);
        let more = ["--migrations-folder", folder.path(), "--after", "Staging"];
        add(&cli, "Production", &production, "production", &more);
        Self { cli, folder, staging, production }
    }

    fn matrix(&self) -> Value {
        self.cli.json(&["migrate", "status", "--all", "--json", "--connection", "Staging"])
    }

    fn up_on_production(&self, code: i32) -> String {
        let up = ["migrate", "up", "--connection", "Production", "--confirm", &self.production.name];
        self.cli.run(&up).expect(code).err
    }
}

fn add(cli: &Cli, name: &str, database: &TestDatabase, environment: &str, more: &[&str]) {
    let add = ["connection", "add", name, "--url", &database.url, "--environment", environment];
    let _ = cli.run(&[&add[..], more].concat()).expect(0);
}

#[tokio::test]
async fn a_difference_between_connections_is_marked_and_named() {
    let shop = Shop::new().await;
    let _ = shop.cli.run(&["migrate", "up", "1", "--connection", "Staging"]).expect(0);
    let matrix = shop.matrix();
    assert_eq!(names(&matrix), ["Staging", "Production"]);
    assert_eq!(matrix["columns"][1]["after"], "Staging");
    assert_eq!(matrix["rows"][0]["differs"], true);
    assert_eq!(matrix["rows"][0]["cells"][0]["state"], "up");
    assert_eq!(matrix["rows"][0]["cells"][1]["waitsFor"], Value::Null);
    assert_eq!(matrix["rows"][1]["differs"], false);
    assert_eq!(matrix["rows"][1]["cells"][1]["waitsFor"], "Staging");
    let read = shop.cli.run(&["migrate", "status", "--all", "--connection", "Staging"]).expect(0);
    assert!(read.out.contains("waits for Staging"), "{}", read.out);
}

#[tokio::test]
async fn a_connection_of_other_files_is_in_no_column() {
    let shop = Shop::new().await;
    add(&shop.cli, "Embedded", &empty_database(usual()).await, "test", &[]);
    assert_eq!(names(&shop.matrix()), ["Staging", "Production"]);
    let embedded = shop.cli.json(&["migrate", "status", "--all", "--json", "--connection", "Embedded"]);
    assert_eq!(names(&embedded), ["Embedded"]);
    assert_eq!(embedded["origin"], "embedded");
    let all = ["migrate", "status", "--all"];
    let read = shop.cli.run(&all).expect(0);
    assert!(read.err.contains("migrated with the schema that is compiled in"), "{}", read.err);
    let none = Cli::new().run(&all).expect(0);
    assert!(none.out.is_empty() && none.err.contains("No saved connection"), "{none:?}");
}

#[tokio::test]
async fn production_takes_nothing_that_staging_does_not_have() {
    let shop = Shop::new().await;
    let refused = shop.up_on_production(4);
    assert!(refused.contains("not up yet on Staging") && refused.contains("1 a"), "{refused}");
    let plan = shop.cli.run(&["migrate", "plan", "--connection", "Production"]).expect(0);
    assert!(plan.err.contains("not up yet on Staging"), "{}", plan.err);
    let _ = shop.cli.run(&["migrate", "up", "--connection", "Staging"]).expect(0);
    shop.up_on_production(0);
    assert_eq!(shop.production.count("schema_migrations").await, 2);
}

#[tokio::test]
async fn a_connection_that_cannot_be_looked_at_shows_what_was_seen_last() {
    let shop = Shop::new().await;
    let _ = shop.cli.run(&["migrate", "up", "--connection", "Staging"]).expect(0);
    let seen = shop.matrix()["columns"][0]["seenAt"].as_str().unwrap().to_owned();
    let away = format!("postgres://postgres@127.0.0.1:9/{}", shop.staging.name);
    let _ = shop.cli.run(&["connection", "edit", "Staging", "--url", &away]).expect(0);
    let matrix = shop.matrix();
    let column = &matrix["columns"][0];
    assert_eq!((&column["live"], &column["seenAt"]), (&Value::Bool(false), &Value::String(seen)));
    assert!(column["why"].as_str().unwrap().contains("nothing listens"), "{column}");
    assert_eq!(matrix["rows"][1]["cells"][0]["state"], "up");
    // What was seen once is no proof for today.
    let refused = shop.up_on_production(4);
    assert!(refused.contains("Staging") && refused.contains("cannot be looked at"), "{refused}");
}

#[tokio::test]
async fn a_password_that_is_asked_each_time_is_not_asked_for_a_matrix() {
    let shop = Shop::new().await;
    let url = shop.staging.url_as("somebody", "else");
    let more = ["--migrations-folder", shop.folder.path(), "--ask"];
    let add = ["connection", "add", "Asked", "--url", &url, "--environment", "test"];
    let _ = shop.cli.run(&[&add[..], &more].concat()).expect(0);
    let matrix = shop.matrix();
    let column = &matrix["columns"][0];
    assert_eq!(
        (&column["name"], &column["live"], &column["seenAt"]),
        (&Value::String("Asked".to_owned()), &Value::Bool(false), &Value::Null)
    );
    assert!(column["why"].as_str().unwrap().contains("password"), "{column}");
}

/// The line of the lower table that tells of a connection, and the one under it.
fn told<'a>(out: &'a str, connection: &str) -> (&'a str, &'a str) {
    let below = out.split("\n\n").nth(1).unwrap_or_default();
    let mut lines = below.lines().skip_while(|line| !line.starts_with(connection));
    (lines.next().unwrap_or_default(), lines.next().unwrap_or_default())
}

#[tokio::test]
async fn the_local_server_and_one_that_nobody_reaches_have_their_columns_and_nothing_is_started_for_them() {
    let (cli, staging) = (Cli::new(), empty_database(usual()).await);
    add(&cli, "Staging", &staging, "staging", &[]);
    let away = ["connection", "add", "Away", "--url", "postgres://postgres@127.0.0.1:9/away"];
    let _ = cli.run(&[&away[..], &["--environment", "production"]].concat()).expect(0);
    let _ = cli.run(&["local", "start"]).expect(0);
    let _ = cli.run(&["migrate", "up"]).expect(0);
    let all = ["migrate", "status", "--all"];
    let running = cli.run(&all).expect(0).out;
    let heads = running.lines().next().unwrap();
    assert!(["Local", "Staging", "Away"].iter().all(|name| heads.contains(name)), "{heads}");
    let first = running.lines().nth(1).unwrap().split_whitespace().collect::<Vec<_>>();
    assert_eq!(first, ["*", "20251106000001", "up", "down", "?", "create_evaluation_tables"], "{running}");
    assert!(told(&running, "Local").0.ends_with("now"), "{running}");
    let (away, why) = told(&running, "Away");
    assert!(away.ends_with("never") && why.contains("nothing listens there"), "{running}");

    let _ = cli.run(&["local", "stop"]).expect(0);
    let stopped = cli.run(&all).expect(0).out;
    let (local, why) = told(&stopped, "Local");
    assert!(local.ends_with(" UTC") && why.contains("the local server does not run"), "{stopped}");
    assert!(stopped.lines().nth(1).unwrap().contains("up"), "what was seen last: {stopped}");
    assert_eq!(
        cli.json(&["local", "status", "--json"])["status"]["state"],
        "stopped",
        "looking starts nothing"
    );
}

#[tokio::test]
async fn a_version_that_only_one_of_them_has_is_no_question_mark() {
    let shop = Shop::new().await;
    let _ = shop.cli.run(&["migrate", "up", "--connection", "Staging"]).expect(0);
    std::fs::remove_file(shop.folder.0.join("2_b.up.sql")).unwrap();
    std::fs::remove_file(shop.folder.0.join("2_b.down.sql")).unwrap();
    let read = shop.cli.run(&["migrate", "status", "--all", "--connection", "Staging"]).expect(0).out;
    let line = read.lines().find(|line| line.contains("NO FILE")).unwrap_or_default();
    assert!(line.contains('\u{2013}') && !line.contains('?'), "{read}");
    assert!(line.starts_with('*'), "recorded here and unknown there is a difference: {read}");
}

fn names(matrix: &Value) -> Vec<&str> {
    matrix["columns"].as_array().unwrap().iter().map(|column| column["name"].as_str().unwrap()).collect()
}
