//! Whether what is recorded is there, and whether nothing else is.

use support::{Cli, empty_database, usual};

use super::raaf;

#[tokio::test]
async fn verify_looks_at_what_is_recorded_and_fails_where_it_is_not_there() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let verify = ["migrate", "verify", "--json", "--url", &database.url];
    assert_eq!(cli.json(&verify)["verified"].as_array().unwrap().len(), 0);
    raaf(&cli, &database).await;
    let verified = cli.json(&verify);
    assert!(verified["verified"].as_array().unwrap().iter().all(|one| one["checked"] == true), "{verified}");
    database.run("drop table evaluation_results cascade").await;
    let failed = cli.run(&verify[..2].iter().chain(&verify[3..]).copied().collect::<Vec<_>>()).expect(1);
    assert!(failed.out.contains("FAILED") && failed.out.contains("evaluation_results"), "{}", failed.out);
    assert!(failed.err.contains("20251106000001") && failed.err.contains("repair"), "{}", failed.err);
}

#[tokio::test]
async fn drift_is_told_object_by_object_and_shows_in_the_matrix() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let _ = cli.run(&["connection", "add", "Here", "--url", &database.url]).expect(0);
    let _ = cli.run(&["migrate", "up", "--connection", "Here"]).expect(0);
    let _ = cli.json(&["migrate", "status", "--all", "--json", "--connection", "Here"]);
    let drift = ["migrate", "verify", "--drift", "--connection", "Here"];
    let _ = cli.run(&drift).expect(0);
    database.run("alter table evaluation_runs add column colour text").await;
    let drifted = cli.run(&drift).expect(1);
    assert!(drifted.out.contains("colour") && drifted.out.contains("drop column"), "{}", drifted.out);
    assert!(drifted.out.contains("add column"), "{}", drifted.out);
    let finished = cli.run(&[&drift[..], &["--json"]].concat()).expect(1);
    let document: serde_json::Value = serde_json::from_str(&finished.out).unwrap();
    assert_eq!(document["drift"]["status"]["kind"], "differs");
    let matrix = cli.json(&["migrate", "status", "--all", "--json", "--connection", "Here"]);
    assert_eq!(matrix["columns"][0]["drift"], 1);
    assert_eq!(matrix["rows"][0]["cells"][0]["drift"], 1, "{}", matrix["rows"][0]);
}

#[tokio::test]
async fn the_sql_that_mends_drift_is_ready_to_be_run() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    raaf(&cli, &database).await;
    let drift = ["migrate", "verify", "--drift", "--url", &database.url];
    database.run("create table of_another_application (id int)").await;
    let same = cli.run(&drift).expect(0);
    assert!(same.err.contains("no drift: table of_another_application"), "{}", same.err);
    database
        .run("drop index index_evaluation_runs_on_status; alter table evaluation_runs add column colour text")
        .await;
    let drifted = cli.run(&drift).expect(1);
    assert!(drifted.err.contains("2 objects are otherwise"), "{}", drifted.err);
    for sql in mending(&drifted.out) {
        database.run(&sql).await;
    }
    let _ = cli.run(&drift).expect(0);
}

/// What stands under "mend the database", each statement as it would be copied.
fn mending(out: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = out.lines();
    while lines.by_ref().any(|line| line == "  mend the database:") {
        let sql: Vec<_> = lines.by_ref().take_while(|line| line.starts_with("    ")).collect();
        assert!(sql.last().is_some_and(|line| line.ends_with(';')), "{sql:?}");
        found.push(sql.join("\n"));
    }
    found
}

#[tokio::test]
async fn drift_that_cannot_be_known_is_no_yes() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = super::Folder::new(&cli).file("1_a.up.sql", "create table public.a (id int)");
    let role = format!("verifies_{}", database.cluster().port());
    let roles = format!("create role {role} login password 'p'; grant all on schema public to {role}");
    database.run(&roles).await;
    let url = database.url_as(&role, "p");
    let with = ["--url", url.as_str(), "--folder", folder.path()];
    let _ = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(0);
    let unknown = cli.run(&[&["migrate", "verify", "--drift"], &with[..]].concat()).expect(1);
    assert!(unknown.err.contains("drift is not known"), "{}", unknown.err);
    let _ = cli.run(&[&["migrate", "verify", "77"], &with[..]].concat()).expect(1);
    let _ = cli.run(&["migrate", "verify", "--url", "postgres://postgres@127.0.0.1:9/away"]).expect(3);
}
