//! What a status says of each version, and what stands in the way of going on.

use support::{Cli, empty_database, usual};

use super::{Folder, gone};

#[tokio::test]
async fn an_older_version_that_came_late_is_out_of_order_until_somebody_says_so() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli).file("2_b.up.sql", "create table b (id int)");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let _ = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(0);
    let _folder = Folder::new(&cli)
        .file("1_a.up.sql", "create table a (id int)")
        .file("3_c.up.sql", "create table c (id int)");
    let status = cli.run(&[&["migrate", "status"], &with[..]].concat()).expect(0);
    assert!(status.out.contains("OUT OF ORDER") && status.out.contains("accept-order"), "{}", status.out);
    let refused = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(4);
    assert!(refused.err.contains("1 a is older than 2"), "{}", refused.err);
    assert!(gone(&database, "c").await);
    let _ = cli.run(&[&["migrate", "up", "--out-of-order"], &with[..]].concat()).expect(0);
    assert!(!gone(&database, "a").await && !gone(&database, "c").await);
}

#[tokio::test]
async fn to_goes_either_way_and_redo_takes_up_only_what_it_took_down() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let mut folder = Folder::new(&cli);
    for (version, name) in [("1", "a"), ("2", "b"), ("3", "c")] {
        folder = folder
            .file(&format!("{version}_{name}.up.sql"), &format!("create view {name} as select 1 as one"))
            .file(&format!("{version}_{name}.down.sql"), &format!("drop view {name}"));
    }
    let with = ["--url", &database.url, "--folder", folder.path(), "--yes"];
    let _ = cli.run(&[&["migrate", "to", "2"], &with[..]].concat()).expect(0);
    assert!(!gone(&database, "b").await && gone(&database, "c").await);
    let redone = cli.json(&[&["migrate", "redo", "--json"], &with[..]].concat());
    let ways: Vec<_> = redone["applied"].as_array().unwrap().iter().map(|one| &one["version"]).collect();
    assert_eq!(ways, ["2", "2"]);
    assert!(gone(&database, "c").await);
    let _ = cli.run(&[&["migrate", "to", "0"], &with[..]].concat()).expect(0);
    assert!(gone(&database, "a").await && gone(&database, "b").await);
}

#[tokio::test]
async fn a_file_without_a_transaction_that_breaks_off_is_partial() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let text =
        "-- evaldesk: no-transaction\ncreate table a (id int);\nselect 1 / 0;\ncreate table b (id int);\n";
    let folder = Folder::new(&cli).file("1_a.up.sql", text);
    let with = ["--url", &database.url, "--folder", folder.path()];
    let _ = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(1);
    let status = cli.run(&[&["migrate", "status"], &with[..]].concat()).expect(0);
    assert!(status.out.contains("PARTIAL 1/3") && status.out.contains("resume"), "{}", status.out);
    let refused = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(4);
    assert!(refused.err.contains("repair 1 resume"), "{}", refused.err);
    assert!(!gone(&database, "a").await && gone(&database, "b").await);
}

#[tokio::test]
async fn files_that_are_no_migrations_by_their_names_are_told() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli)
        .file("1_a.up.sql", "create table a (id int)")
        .file("add_b.sql", "create table b (id int)");
    let told = cli.run(&["migrate", "status", "--url", &database.url, "--folder", folder.path()]).expect(0);
    assert!(told.err.contains("left out: add_b.sql"), "{}", told.err);
}
