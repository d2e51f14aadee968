//! Plans: as a table, as SQL, as JSON; none of them changes anything.

use support::{Cli, empty_database, usual};

use super::{gone, raaf};

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
async fn any_verb_can_be_planned() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    raaf(&cli, &database).await;
    let plan = cli.run(&["migrate", "plan", "down", "20251106000001", "--url", &database.url]).expect(0);
    assert!(plan.err.contains("Dies with it: table evaluation_runs"), "{}", plan.err);
    let rollback = ["migrate", "plan", "rollback", "--step", "1", "--json", "--url", &database.url];
    assert_eq!(cli.json(&rollback)["request"]["kind"], "rollback");
    assert!(!gone(&database, "evaluation_runs").await);
}
