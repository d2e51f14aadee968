//! Passwords in a real keyring on a private bus, and the situations in which there is none to be had.

use std::time::{Duration, Instant};

use support::{Cli, Keyring, KeyringState, TestDatabase, any_database};

const PASSWORD: &str = "kept-in-the-ring-8315";

#[tokio::test]
async fn a_saved_password_is_in_the_keyring_and_nowhere_else() {
    let (keyring, database) = (Keyring::start(KeyringState::Unlocked), with_role().await);
    let cli = with(&keyring);
    add(&cli, &database, &[]).expect_code(0);
    let id = cli.json(&["connection", "show", "Ring", "--json"])["id"].as_str().unwrap().to_owned();
    assert_eq!(keyring.lookup(&[("service", "evaldesk"), ("username", &id)]).as_deref(), Some(PASSWORD));
    assert!(!cli.holds_anywhere(PASSWORD), "a file of ours holds the password");
    let _ = cli.run(&["connection", "test", "Ring"]).expect(0);
    let _ = cli.run(&["connection", "remove", "Ring", "--yes"]).expect(0);
    assert_eq!(keyring.lookup(&[("service", "evaldesk"), ("username", &id)]), None);
}

#[tokio::test]
async fn a_locked_keyring_is_said_to_be_locked_within_seconds() {
    let (keyring, database) = (Keyring::start(KeyringState::Locked), with_role().await);
    let began = Instant::now();
    let finished = add(&with(&keyring), &database, &[]);
    assert!(began.elapsed() < Duration::from_secs(25), "it hung for {:?}", began.elapsed());
    assert_eq!(finished.code, 3, "{} {}", finished.out, finished.err);
    assert!(finished.err.contains("locked") || finished.err.contains("unlocked"), "{}", finished.err);
    assert!(finished.err.contains("hint: Unlock your keyring"), "{}", finished.err);
}

#[tokio::test]
async fn a_bus_without_a_keyring_offers_to_ask_each_time() {
    let (keyring, database) = (Keyring::start(KeyringState::BusOnly), with_role().await);
    let finished = add(&with(&keyring), &database, &[]);
    assert_eq!(finished.code, 3, "{} {}", finished.out, finished.err);
    assert!(finished.err.contains("ask each time"), "{}", finished.err);
}

#[tokio::test]
async fn without_a_bus_a_connection_that_asks_still_works() {
    let (cli, database) = (Cli::new(), with_role().await);
    add(&cli, &database, &["--ask"]).expect_code(0);
    let tested = cli.run_with_input(
        &["run", "list", "--connection", "Ring", "--password-stdin"],
        &format!("{PASSWORD}\n"),
    );
    tested.expect_code(0);
    assert!(!cli.holds_anywhere(PASSWORD), "a file of ours holds the password");
}

async fn with_role() -> TestDatabase {
    let database = any_database().await;
    let role = role(&database);
    database.run(&format!("create role {role} login password '{PASSWORD}'; grant select on all tables in schema public to {role}")).await;
    database
}

/// Roles belong to the server, and tests share it.
fn role(database: &TestDatabase) -> String {
    format!("ring_{}", database.name.rsplit('_').next().unwrap())
}

fn with(keyring: &Keyring) -> Cli {
    keyring.environment().into_iter().fold(Cli::new(), |cli, (name, value)| cli.with(&name, value))
}

fn add(cli: &Cli, database: &TestDatabase, more: &[&str]) -> support::Finished {
    let url =
        format!("postgres://{}@127.0.0.1:{}/{}", role(database), database.cluster().port(), database.name);
    let mut arguments = vec!["connection", "add", "Ring", "--url", &url];
    if more.is_empty() {
        arguments.push("--password-stdin");
        return cli.run_with_input(&arguments, &format!("{PASSWORD}\n"));
    }
    arguments.extend(more);
    cli.run(&arguments)
}
