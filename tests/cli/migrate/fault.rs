//! What goes wrong around a run: each says its own thing, the status tells the truth afterwards, and no lock is left.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use support::{Cli, Cluster, Finished, Proxy, Side, TestDatabase, empty_database, usual};

use super::change::locks;
use super::{Folder, gone};

/// A run of the program that goes on by itself.
fn begin(cli: &Cli, words: &[&str]) -> Child {
    let mut command = cli.command();
    command.args(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn ended(child: Child) -> Finished {
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let code = output.status.code().unwrap_or(-1);
    Finished { code, out: text(output.stdout), err: text(output.stderr) }
}

/// Until a statement of another session runs.
async fn until_runs(database: &TestDatabase, words: &str) {
    let sql = format!(
        "select count(*) from pg_stat_activity where datname = current_database() and state = 'active'
            and pid <> pg_backend_pid() and query like '%{words}%'"
    );
    let until = Instant::now() + Duration::from_secs(30);
    while database.value(&sql).await.as_deref() == Some("0") {
        assert!(Instant::now() < until, "{words} never runs");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A session that was cut notices within a moment; one whose statement goes on ends with it.
async fn no_lock_is_left(database: &TestDatabase) {
    let until = Instant::now() + Duration::from_secs(30);
    while locks(database).await > 0 {
        assert!(Instant::now() < until, "an advisory lock is left behind");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn state(cli: &Cli, with: &[&str]) -> (String, String) {
    let status = cli.json(&[&["migrate", "status", "--json"], with].concat());
    let row = &status["migrations"][0];
    (row["state"].as_str().unwrap().to_owned(), row["partial"].to_string())
}

#[tokio::test]
async fn a_program_that_is_killed_in_the_middle_leaves_a_half_that_goes_on() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let text = "-- evaldesk: no-transaction\ncreate table a (id int);\nselect pg_sleep(3);\ncreate table b (id int);\n";
    let folder = Folder::new(&cli).file("1_a.up.sql", text);
    let with = ["--url", &database.url, "--folder", folder.path()];
    let mut run = begin(&cli, &[&["migrate", "up"], &with[..]].concat());
    until_runs(&database, "pg_sleep(3)").await;
    run.kill().unwrap();
    assert_eq!(ended(run).code, -1, "by a signal");
    no_lock_is_left(&database).await;
    let (word, partial) = state(&cli, &with);
    assert_eq!(word, "partial", "{partial}");
    assert!(partial.contains(r#""total":3"#), "{partial}");
    let refused = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(4);
    assert!(refused.err.contains("broke off half-way"), "{}", refused.err);
    let _ = cli.run(&[&["migrate", "repair", "1", "resume", "--yes"], &with[..]].concat()).expect(0);
    assert!(!gone(&database, "b").await);
    assert_eq!(state(&cli, &with).0, "irreversible");
    no_lock_is_left(&database).await;
}

#[tokio::test]
async fn a_program_that_is_killed_in_a_transaction_leaves_nothing() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli).file("1_a.up.sql", "create table a (id int);\nselect pg_sleep(3);\n");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let mut run = begin(&cli, &[&["migrate", "up"], &with[..]].concat());
    until_runs(&database, "pg_sleep(3)").await;
    run.kill().unwrap();
    let _ = run.wait().unwrap();
    no_lock_is_left(&database).await;
    assert_eq!(state(&cli, &with).0, "down");
    assert!(gone(&database, "a").await);
    let status = cli.run(&[&["migrate", "status"], &with[..]].concat()).expect(0).out;
    assert!(status.contains("last try"), "that it was tried is told: {status}");
    let _ = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(0);
}

#[tokio::test]
async fn a_connection_that_is_lost_in_the_middle_ends_with_3_and_says_what_stands() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let proxy = Proxy::to(database.cluster().port());
    let folder = Folder::new(&cli).file("1_a.up.sql", "create table a (id int);\ncreate table b (id int);\n");
    let through = proxy.url(&database.name);
    proxy.stop_at_text("create table b", Side::Before);
    let run = begin(&cli, &["migrate", "up", "--url", &through, "--folder", folder.path()]);
    let waited = tokio::task::spawn_blocking(move || (proxy.reached(Duration::from_secs(30)), proxy));
    let (reached, proxy) = waited.await.unwrap();
    assert!(reached, "the second statement was never sent");
    proxy.cut();
    let lost = ended(run).expect(3);
    assert!(lost.err.contains("connection to the server was lost"), "{}", lost.err);
    no_lock_is_left(&database).await;
    assert_eq!(state(&cli, &["--url", &database.url, "--folder", folder.path()]).0, "down");
    assert!(gone(&database, "a").await);
}

#[tokio::test]
async fn a_statement_timeout_takes_the_version_back() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let text = "set local statement_timeout = '80ms';\ncreate table a (id int);\nselect pg_sleep(30);\n";
    let folder = Folder::new(&cli).file("1_a.up.sql", text);
    let with = ["--url", &database.url, "--folder", folder.path()];
    let failed = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(1);
    assert!(
        failed.err.contains("statement 3 of 3") && failed.err.contains("statement timeout"),
        "{}",
        failed.err
    );
    assert!(failed.err.contains("Nothing of it was kept."), "{}", failed.err);
    no_lock_is_left(&database).await;
    assert_eq!(state(&cli, &with).0, "down");
    assert!(gone(&database, "a").await);
}

#[tokio::test]
async fn a_read_only_connection_is_refused_by_its_name() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli).file("1_a.up.sql", "create table a (id int)");
    let add = ["connection", "add", "Look", "--url", &database.url, "--read-only"];
    let _ = cli.run(&[&add[..], &["--migrations-folder", folder.path()]].concat()).expect(0);
    let _ = cli.run(&["migrate", "plan", "--connection", "Look"]).expect(0);
    for verb in [&["up"][..], &["rehearse"], &["adopt", "--apply", "--yes"]] {
        let refused = cli.run(&[&["migrate"], verb, &["--connection", "Look"]].concat());
        // There is nothing to adopt: that is said without a refusal.
        let expected = if verb[0] == "adopt" { 0 } else { 4 };
        assert_eq!(refused.code, expected, "{verb:?}: {}", refused.err);
        assert!(expected == 0 || refused.err.contains("Look is read-only"), "{verb:?}: {}", refused.err);
    }
    assert!(gone(&database, "a").await && gone(&database, "schema_migrations").await);
    no_lock_is_left(&database).await;
}

#[tokio::test]
async fn a_standby_is_refused_with_where_to_go() {
    let cli = Cli::new();
    let standby = Cluster::private(usual());
    // A server that is asked to be a standby and has no primary only repeats what it has: nothing.
    standby.stop("fast");
    let signal = standby.data().join("standby.signal");
    std::fs::write(&signal, "").unwrap();
    let owner = std::process::Command::new("chown")
        .arg("--reference")
        .arg(standby.data().join("PG_VERSION"))
        .arg(&signal)
        .status();
    assert!(owner.unwrap().success());
    standby.start();
    let folder = Folder::new(&cli).file("1_a.up.sql", "create table a (id int)");
    let url = standby.url("postgres");
    let with = ["--url", url.as_str(), "--folder", folder.path()];
    let refused = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(4);
    assert!(refused.err.contains("is a standby") && refused.err.contains("primary"), "{}", refused.err);
    assert_eq!(state(&cli, &with).0, "down");
    standby.stop("immediate");
}

#[tokio::test]
async fn a_role_that_may_make_no_schema_is_told_what_to_grant() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let role = format!("makes_no_schema_{}", database.cluster().port());
    let roles = format!("create role {role} login password 'p'; grant all on schema public to {role}");
    database.run(&roles).await;
    let folder = Folder::new(&cli).file("1_a.up.sql", "create table a (id int)");
    let url = database.url_as(&role, "p");
    let with = ["--url", url.as_str(), "--folder", folder.path()];
    let refused = cli.run(&[&["migrate", "up", "--log-schema"], &with[..]].concat()).expect(1);
    assert!(refused.err.contains("may not make the schema evaldesk"), "{}", refused.err);
    assert!(refused.err.contains("grant create on database"), "{}", refused.err);
    no_lock_is_left(&database).await;
    assert!(gone(&database, "a").await);
    let _ = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(0);
}
