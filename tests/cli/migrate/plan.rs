//! Plans: as a table, as SQL, as JSON; none of them changes anything.

use evaldesk_core::sql::split::split;
use support::{Cli, empty_database, usual};

use super::{Folder, gone, raaf};

#[tokio::test]
async fn a_plan_is_a_table_a_file_or_a_document() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let plan =
        |format: &str| cli.run(&["migrate", "plan", "--format", format, "--url", &database.url]).expect(0);
    let table = plan("table");
    let heads = table.out.lines().next().unwrap_or_default();
    for head in ["#", "Statement", "Lock", "Meanwhile", "Reads", "About"] {
        assert!(heads.contains(head), "{heads}");
    }
    assert!(table.err.contains("Disk:"), "{}", table.err);
    assert!(plan("sql").out.contains("create table evaluation_runs"));
    let document: serde_json::Value = serde_json::from_str(&plan("json").out).unwrap();
    assert_eq!(document["steps"][0]["version"], "20251106000001");
    assert!(gone(&database, "evaluation_runs").await);
}

#[tokio::test]
async fn a_plan_as_sql_is_a_script_that_does_what_the_plan_does() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli)
        .file("1_a.up.sql", "create table a (id int);\ncreate table b (id int);\n")
        .file("2_b.up.sql", "-- evaldesk: no-transaction\ncreate index concurrently b_by_id on b (id);\n");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let script = cli.run(&[&["migrate", "plan", "--format", "sql"], &with[..]].concat()).expect(0).out;
    assert!(script.contains("begin;") && script.contains("SHARE UPDATE EXCLUSIVE on b"), "{script}");
    // One by one in one session, as psql sends a file.
    let mut session = database.session().await;
    for statement in split(&script).unwrap() {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement.text)).execute(&mut session).await.unwrap();
    }
    let status = cli.json(&[&["migrate", "status", "--json"], &with[..]].concat());
    assert_eq!(status["pending"], 0, "{status}");
    assert!(!gone(&database, "b_by_id").await);
}

#[tokio::test]
async fn any_verb_can_be_planned() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    raaf(&cli, &database).await;
    let plan = cli.run(&["migrate", "plan", "down", "20251106000001", "--url", &database.url]).expect(0);
    assert!(plan.err.contains("Dies with it: table evaluation_runs"), "{}", plan.err);
    let rollback = ["migrate", "plan", "rollback", "--step", "1", "--json", "--url", &database.url];
    assert_eq!(cli.json(&rollback)["request"]["kind"], "rollback");
    assert!(!gone(&database, "evaluation_runs").await);
}
