//! `evaldesk connection import` and `export`: what is written down in a home is found, and its passwords go no further
//! than they must.

use support::{Cli, Keyring, KeyringState, any_database};

const PASSWORD: &str = "found-in-a-file-5520";

fn write(cli: &Cli, name: &str, text: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    let path = cli.home().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn without_a_source_everything_on_this_computer_is_listed_and_nothing_saved() {
    let cli = Cli::new().with("DATABASE_URL", format!("postgres://me:{PASSWORD}@db.example/raaf"));
    write(&cli, ".pgpass", &format!("db.stg:5432:raaf:maria:{PASSWORD}\n"), 0o600);
    write(&cli, "config/database.yml", "test:\n  database: from_rails\n", 0o644);
    let told = cli.run(&["connection", "import"]).expect(0);
    for word in ["--environment", "--pgpass", "--database-yml", "db.example", "db.stg", "from_rails"] {
        assert!(told.out.contains(word), "{word}: {}", told.out);
    }
    assert!(!told.out.contains(PASSWORD) && !told.err.contains(PASSWORD));
    assert_eq!(cli.json(&["connection", "list", "--json"])["connections"], serde_json::json!([]));
}

#[tokio::test]
async fn a_password_goes_from_its_file_to_the_keyring() {
    let (keyring, database) = (Keyring::start(KeyringState::Unlocked), any_database().await);
    let cli = keyring.environment().into_iter().fold(Cli::new(), |cli, (name, value)| cli.with(&name, value));
    let role = format!("imported_{}", database.name.rsplit('_').next().unwrap());
    database.run(&format!("create role {role} login password '{PASSWORD}'")).await;
    let port = database.cluster().port();
    write(&cli, ".pgpass", &format!("127.0.0.1:{port}:*:{role}:{PASSWORD}\n"), 0o600);
    let service = format!("[here]\nhost=127.0.0.1\nport={port}\ndbname={}\nuser={role}\n", database.name);
    write(&cli, ".pg_service.conf", &service, 0o644);
    let _ = cli.run(&["connection", "import", "--service", "here"]).expect(0);
    std::fs::remove_file(cli.home().join(".pgpass")).unwrap();
    assert!(!cli.holds_anywhere(PASSWORD), "a file of ours holds the password");
    let _ = cli.run(&["connection", "test", "here"]).expect(0);
    let again = cli.run(&["connection", "import", "--service", "--all"]).expect(0);
    assert!(
        again.out.contains("saved as here") && again.err.contains("Nothing of it is new"),
        "{} {}",
        again.out,
        again.err
    );
}

#[test]
fn a_password_file_that_others_may_read_is_refused_with_the_way_to_mend_it() {
    let cli = Cli::new();
    write(&cli, ".pgpass", &format!("db:5432:raaf:maria:{PASSWORD}\n"), 0o644);
    let told = cli.run(&["connection", "import", "--pgpass"]).expect(4);
    assert!(told.err.contains("mode 0644") && told.err.contains("hint: chmod 0600"), "{}", told.err);
}

#[test]
fn a_broken_database_yml_is_named_by_its_line_and_its_ruby_is_not_run() {
    let cli = Cli::new();
    write(&cli, "config/database.yml", "production:\n  database: [x\n", 0o644);
    let told = cli.run(&["connection", "import", "--database-yml"]).expect(2);
    assert!(told.err.contains("database.yml, line "), "{}", told.err);
    write(&cli, "config/database.yml", "production:\n  database: x\n  host: <%= `touch ran` %>\n", 0o644);
    let told = cli.run(&["connection", "import", "--database-yml"]).expect(0);
    assert!(told.out.contains("not usable"), "{}", told.out);
    assert!(told.err.contains("line 3: host") && told.err.contains("was not run"), "{}", told.err);
    assert!(!cli.home().join("ran").exists());
}

#[tokio::test]
async fn a_password_comes_from_a_command_and_its_complaint_is_told() {
    let (cli, database) = (Cli::new(), any_database().await);
    let role = format!("commanded_{}", database.name.rsplit('_').next().unwrap());
    database.run(&format!("create role {role} login password '{PASSWORD}'")).await;
    write(&cli, "secret", &format!("{PASSWORD}\nand more\n"), 0o600);
    let url = database.url_as(&role, "").replace(":@", "@");
    let command = format!("cat '{}'", cli.home().join("secret").display());
    let _ = cli.run(&["connection", "add", "Vault", "--url", &url, "--password-command", &command]).expect(0);
    let _ = cli.run(&["connection", "test", "Vault"]).expect(0);
    let _ = cli.run(&["connection", "edit", "Vault", "--password-command", "cat no-such-file"]).expect(0);
    let told = cli.run(&["connection", "test", "Vault"]).expect(3);
    assert!(told.err.contains("password command cat ended with 1"), "{}", told.err);
    assert!(told.err.contains("no-such-file"), "{}", told.err);
}

#[tokio::test]
async fn an_export_has_no_secret_and_a_database_yml_none_either() {
    let (cli, database) = (Cli::new(), any_database().await);
    let url = database.url_as("somebody", PASSWORD);
    let _ = cli.run(&["connection", "add", "One", "--url", &url, "--ask", "--group", "Work"]).expect(0);
    let told = cli.run(&["connection", "export"]).expect(0);
    assert!(told.out.contains("\"One\"") && told.out.contains("Work") && !told.out.contains(PASSWORD));
    let _ = cli.run(&["connection", "export", "--out", "them.json"]).expect(0);
    assert_ne!(cli.run(&["connection", "export", "--out", "them.json"]).code, 0, "it is there already");
    let yml = cli.run(&["connection", "database-yml", "One"]).expect(0);
    assert!(
        yml.out.contains("statement_timeout: 30000") && yml.out.contains("DATABASE_PASSWORD"),
        "{}",
        yml.out
    );
    assert!(!yml.out.contains(PASSWORD) && yml.err.contains("timeout: 5000"), "{}", yml.err);
}

#[test]
fn connections_are_put_in_order_and_duplicated() {
    let cli = Cli::new();
    for name in ["One", "Two"] {
        let _ = cli
            .run(&["connection", "add", name, "--url", "postgres://me@127.0.0.1:9/raaf", "--ask"])
            .expect(0);
    }
    let _ = cli.run(&["connection", "duplicate", "One", "Three"]).expect(0);
    let _ = cli.run(&["connection", "order", "Two"]).expect(0);
    let listed = cli.json(&["connection", "list", "--json"]);
    let names: Vec<_> =
        listed["connections"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Two", "One", "Three"]);
}
