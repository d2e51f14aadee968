//! rake with real ActiveRecord and Evaldesk on one database.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use support::{Cli, RailsApp, TestDatabase, empty_database, usual};

use super::{migrate, states};

const FIRST: &str = "20260101000001";
const SECOND: &str = "20260101000002";

fn app(database: &TestDatabase) -> RailsApp {
    RailsApp::new(&database.url)
        .with_migration(FIRST, "make_one", "def change\n  create_table(:one)\nend")
        .with_migration(SECOND, "make_two", "def change\n  create_table(:two)\nend")
}

/// A saved connection that runs the application's migrations through rake.
fn connect(cli: &Cli, database: &TestDatabase, app: &RailsApp) {
    let folder = app.migrations();
    let words = ["connection", "add", "app", "--url", &database.url, "--environment", "development"];
    let more = ["--migrations-folder", folder.to_str().unwrap(), "--rake", "rake", "--keyring", "none"];
    let _ = cli.run(&[&words[..], &more[..4]].concat()).expect(0);
}

/// What Ruby takes back nobody can read beforehand: its losses are confirmed by the database's name.
fn through_rake(cli: &Cli, database: &TestDatabase, words: &[&str]) -> support::Finished {
    cli.run(&[&["migrate"], words, &["--confirm", &database.name, "--connection", "app"]].concat())
}

#[tokio::test]
async fn each_sees_what_the_other_applied_from_the_folder_of_the_application() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let app = app(&database);
    connect(&cli, &database, &app);
    let _ = app.rake(&["db:migrate:up", &format!("VERSION={FIRST}")]).expect(0);
    let folder = app.migrations();
    assert_eq!(states(&cli, &database.url, &folder), [format!("{FIRST} up"), format!("{SECOND} down")]);

    let _ = through_rake(&cli, &database, &["up"]).expect(0);
    let seen = app.rake(&["db:migrate:status"]).expect(0);
    assert_eq!(seen.out.matches("   up  ").count(), 2, "{}", seen.out);

    let _ = app.rake(&["db:rollback"]).expect(0);
    assert_eq!(states(&cli, &database.url, &folder), [format!("{FIRST} up"), format!("{SECOND} down")]);
    let _ = through_rake(&cli, &database, &["up"]).expect(0);
    let _ = through_rake(&cli, &database, &["redo"]).expect(0);
    let _ = through_rake(&cli, &database, &["down", SECOND]).expect(0);
    let seen = app.rake(&["db:migrate:status"]).expect(0);
    assert_eq!(seen.out.matches("  down ").count(), 1, "{}", seen.out);
}

#[tokio::test]
async fn versions_that_only_we_have_leave_its_rollback_working() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let app = app(&database);
    let _ = app.rake(&["db:migrate"]).expect(0);
    let ours = tempfile::tempdir().unwrap();
    std::fs::write(ours.path().join("20260601000000_ours.up.sql"), "create table ours (id int);").unwrap();
    std::fs::write(ours.path().join("20260601000000_ours.down.sql"), "drop table ours;").unwrap();

    let refused = migrate(&cli, &database.url, ours.path(), &["up"]);
    assert_eq!(refused.code, 4, "without consent there is no place for our version: {}", refused.err);
    assert!(refused.err.contains("--log-schema"), "{}", refused.err);

    let _ = migrate(&cli, &database.url, ours.path(), &["up", "--log-schema"]).expect(0);
    let seen = app.rake(&["db:migrate:status"]).expect(0);
    assert!(!seen.out.contains("NO FILE"), "{}", seen.out);
    let _ = app.rake(&["db:rollback"]).expect(0);
    assert_eq!(database.value("select to_regclass('two') is null").await.as_deref(), Some("true"));
    assert!(states(&cli, &database.url, ours.path()).contains(&"20260601000000 up".to_owned()));
}

/// A folder of one version of ours, with text in it that Ruby would read into.
fn ours() -> tempfile::TempDir {
    let ours = tempfile::tempdir().unwrap();
    let up =
        "create table ours (id int, text text default '#{1 + 1}');\ncreate index ours_by_id on ours (id);\n";
    std::fs::write(ours.path().join("20260601000000_make_ours.up.sql"), up).unwrap();
    std::fs::write(ours.path().join("20260601000000_make_ours.down.sql"), "drop table ours;\n").unwrap();
    ours
}

fn up_with_ruby(cli: &Cli, database: &TestDatabase, ours: &Path, ruby: &Path) -> support::Finished {
    migrate(cli, &database.url, ours, &["up", "--write-ruby", ruby.to_str().unwrap()])
}

#[tokio::test]
async fn a_version_that_is_written_as_ruby_too_is_rakes_as_much_as_ours() {
    let (cli, database, ours) = (Cli::new(), empty_database(usual()).await, ours());
    let app = app(&database);
    let _ = app.rake(&["db:migrate"]).expect(0);
    let up = up_with_ruby(&cli, &database, ours.path(), &app.migrations()).expect(0);
    let twin = app.migrations().join("20260601000000_make_ours.rb");
    assert!(up.err.contains(&format!("Written for rake too: {}", twin.display())), "{}", up.err);
    assert!(twin.is_file());
    assert_eq!(database.value("select to_regnamespace('evaldesk')").await, None, "nobody consented");

    let seen = app.rake(&["db:migrate:status"]).expect(0);
    assert!(seen.out.contains("up     20260601000000  Make ours"), "{}", seen.out);
    assert!(!seen.out.contains("NO FILE"), "{}", seen.out);
    let _ = app.rake(&["db:rollback"]).expect(0);
    assert_eq!(database.value("select to_regclass('ours')").await, None);
    let state = || states(&cli, &database.url, ours.path()).last().cloned();
    assert_eq!(state().as_deref(), Some("20260601000000 down"));
    let _ = app.rake(&["db:migrate"]).expect(0);
    assert_eq!(state().as_deref(), Some("20260601000000 up"));
    database.run("insert into ours default values").await;
    assert_eq!(database.value("select text from ours").await.as_deref(), Some("#{1 + 1}"));

    let redo = migrate(&cli, &database.url, ours.path(), &["plan", "redo", "--format", "sql"]).expect(0);
    assert!(redo.out.contains("insert into schema_migrations"), "it stays where it stands: {}", redo.out);
    assert!(!redo.err.contains("migration_ledger"), "{}", redo.err);
    let down = ["rollback", "--confirm", &database.name];
    let _ = migrate(&cli, &database.url, ours.path(), &down).expect(0);
    let seen = app.rake(&["db:migrate:status"]).expect(0);
    assert!(seen.out.contains("down    20260601000000  Make ours"), "{}", seen.out);
    let _ = app.rake(&["db:rollback"]).expect(0);
    assert_eq!(database.value("select to_regclass('two')").await, None, "rake goes on with its own");
}

#[tokio::test]
async fn a_version_that_cannot_be_written_as_ruby_is_not_applied_either() {
    let (cli, database, ours) = (Cli::new(), empty_database(usual()).await, ours());
    let app = app(&database);
    let _ = app.rake(&["db:migrate"]).expect(0);
    let nowhere = app.folder().join("db/migrations");
    let refused = up_with_ruby(&cli, &database, ours.path(), &nowhere).expect(2);
    assert!(
        refused.err.contains("there is no folder") && refused.err.contains("db/migrate"),
        "{}",
        refused.err
    );
    let theirs = app.migrations().join("20260601000000_other.rb");
    std::fs::write(&theirs, "class Other; end\n").unwrap();
    let refused = up_with_ruby(&cli, &database, ours.path(), &app.migrations()).expect(1);
    assert!(refused.err.contains("20260601000000_other.rb is there already"), "{}", refused.err);
    assert_eq!(std::fs::read_to_string(&theirs).unwrap(), "class Other; end\n");
    assert_eq!(database.value("select to_regclass('ours')").await, None);
    assert_eq!(database.count("schema_migrations").await, 2);
}

#[tokio::test]
async fn a_plan_tells_what_would_be_written_as_ruby_and_writes_nothing() {
    let (cli, database, ours) = (Cli::new(), empty_database(usual()).await, ours());
    let app = app(&database);
    let _ = app.rake(&["db:migrate"]).expect(0);
    let folder = app.migrations();
    let words = ["plan", "up", "--write-ruby", folder.to_str().unwrap()];
    let plan = migrate(&cli, &database.url, ours.path(), &words).expect(0);
    assert!(plan.err.contains("20260601000000_make_ours.rb"), "{}", plan.err);
    assert!(!folder.join("20260601000000_make_ours.rb").exists());
    assert_eq!(database.count("schema_migrations").await, 2);
}

#[tokio::test]
async fn rake_stops_while_we_migrate() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let app = app(&database);
    let slow = tempfile::tempdir().unwrap();
    std::fs::write(slow.path().join("1_slow.up.sql"), "select pg_sleep(6);").unwrap();
    let mut ours = cli.command();
    ours.args(["migrate", "up", "--yes", "--url", &database.url, "--folder"]).arg(slow.path());
    let mut ours = ours.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for_a_lock(&database).await;
    let stopped = app.rake(&["db:migrate"]);
    assert_ne!(stopped.code, 0);
    assert!(stopped.err.contains("ConcurrentMigrationError"), "{}", stopped.err);
    assert!(ours.wait().unwrap().success());
    let _ = app.rake(&["db:migrate"]).expect(0);
}

#[tokio::test]
async fn we_stop_while_rake_migrates_and_say_who_it_is() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let body = "def up\n  execute('select pg_sleep(6)')\nend\ndef down\nend";
    let app = RailsApp::new(&database.url).with_migration(FIRST, "slow", body);
    let mut theirs = app.command();
    let mut theirs = theirs.arg("db:migrate").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for_a_lock(&database).await;
    let refused =
        cli.run(&["migrate", "up", "--yes", "--log-schema", "--lock-wait", "1", "--url", &database.url]);
    assert_eq!(refused.code, 4, "{}", refused.err);
    assert!(refused.err.contains("pid "), "{}", refused.err);
    assert!(theirs.wait().unwrap().success());
}

async fn wait_for_a_lock(database: &TestDatabase) {
    let held = "select count(*) > 0 from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())";
    for _ in 0..100 {
        if database.value(held).await.as_deref() == Some("true") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nobody took the migration lock within 10 s");
}
