//! Where a password comes from: the URL, standard input, never a second time.

use support::{Cli, TestDatabase, empty_database, usual};

const PASSWORD: &str = "once-only-5127";

#[tokio::test]
async fn standard_input_is_read_once_for_a_verb_that_connects_more_than_once() {
    let (cli, database) = (Cli::new(), owned().await);
    let up = ["migrate", "up", "--password-stdin", "--url", &url(&database)];
    cli.run_with_input(&up, &format!("{PASSWORD}\n")).expect_code(0);
    let _ = cli.run(&["connection", "add", "Asks", "--ask", "--url", &url(&database)]).expect(0);
    let test = ["connection", "test", "Asks", "--password-stdin"];
    cli.run_with_input(&test, &format!("{PASSWORD}\n")).expect_code(0);
    assert!(!cli.holds_anywhere(PASSWORD), "a file of ours holds the password");
}

#[tokio::test]
async fn a_password_that_is_missing_is_not_called_wrong() {
    let (cli, database) = (Cli::new(), owned().await);
    let none = cli.run(&["run", "list", "--url", &url(&database)]).expect(3);
    assert!(none.err.contains("none was given") && none.err.contains("--password-stdin"), "{}", none.err);
    let empty = cli.run(&["run", "list", "--password-stdin", "--url", &url(&database)]).expect(2);
    assert!(empty.err.contains("it is empty"), "{}", empty.err);
}

#[test]
fn a_wrong_variable_is_named() {
    let cli = Cli::new().with("DATABASE_URL", "mysql://me:hunter2@there/d");
    let finished = cli.run(&["run", "list"]).expect(2);
    assert!(finished.err.contains("DATABASE_URL") && !finished.err.contains("hunter2"), "{}", finished.err);
}

async fn owned() -> TestDatabase {
    let database = empty_database(usual()).await;
    let role = role(&database);
    database
        .run(&format!(
            "create role {role} login password '{PASSWORD}'; grant create on schema public to {role}"
        ))
        .await;
    database
}

fn role(database: &TestDatabase) -> String {
    format!("owner_{}", database.name.rsplit('_').next().unwrap())
}

fn url(database: &TestDatabase) -> String {
    format!("postgres://{}@127.0.0.1:{}/{}", role(database), database.cluster().port(), database.name)
}
