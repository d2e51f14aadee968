//! A database.yml of ours in the hands that it is for: ActiveRecord reads it, connects, and the limits hold.

use std::path::Path;
use std::process::Command;

use evaldesk_core::connection::export::database_yml;
use evaldesk_core::connection::import::{ImportSource, Surroundings, read};
use evaldesk_core::connection::{ConnectionProfile, Environment, Secret, TlsMode, parse_url};
use support::{Finished, TestDatabase, empty_database, usual};

/// Reads the file as Rails does and asks the server what holds.
const ASK: &str = r#"
require "active_record"
require "active_support/configuration_file"
all = ActiveSupport::ConfigurationFile.parse(ARGV[0])
ActiveRecord::Base.configurations = all
ActiveRecord::Base.establish_connection(all.keys.first.to_sym)
session = ActiveRecord::Base.connection
%w[statement_timeout lock_timeout idle_in_transaction_session_timeout].each { |name| puts session.select_value("show #{name}") }
puts session.current_database
pool = ActiveRecord::Base.connection_pool
puts pool.size, pool.checkout_timeout
puts session.raw_connection.conninfo_hash.values_at(:connect_timeout, :sslmode).inspect
"#;

/// A password that YAML, Ruby and a shell would each read in their own way.
const PASSWORD: &str = r#"a: b #{x} '"\ <%= 1 %> $HOME"#;

async fn database() -> (TestDatabase, ConnectionProfile) {
    let test = empty_database(usual()).await;
    let role = format!("rails_{}", test.name.rsplit('_').next().unwrap());
    test.run(&format!("create role {role} login password $p${PASSWORD}$p$")).await;
    let mut profile = parse_url(&test.url).unwrap().profile;
    (profile.user, profile.name) = (role, "App <%= `id` %>".to_owned());
    profile.environment = Environment::Staging;
    profile.tls = TlsMode::Prefer;
    (profile.timeouts.statement_ms, profile.timeouts.lock_ms) = (31_000, 1_500);
    (test, profile)
}

fn write(folder: &Path, profile: &ConnectionProfile) -> String {
    let path = folder.join("database.yml");
    std::fs::write(&path, database_yml(profile).text).unwrap();
    path.display().to_string()
}

fn ask(path: &str, password: Option<&str>) -> Finished {
    let mut ruby = Command::new("ruby");
    ruby.args(["-W0", "-e", ASK, path]).env("DATABASE_POOL", "7").env_remove("DATABASE_PASSWORD");
    Finished::of(ruby.envs(password.map(|password| ("DATABASE_PASSWORD", password))))
}

#[tokio::test]
async fn active_record_reads_the_file_connects_and_is_bound_by_its_limits() {
    let (folder, (_test, profile)) = (tempfile::tempdir().unwrap(), database().await);
    let told = ask(&write(folder.path(), &profile), Some(PASSWORD)).expect(0).out;
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[..3], ["31s", "1500ms", "1min"]);
    assert_eq!(lines[3], profile.database);
    assert_eq!(lines[4..6], ["7", "5.0"]);
    assert_eq!(lines[6], r#"["10", "prefer"]"#);
}

#[tokio::test]
async fn without_its_variable_the_application_does_not_sign_in() {
    let (folder, (_test, profile)) = (tempfile::tempdir().unwrap(), database().await);
    let finished = ask(&write(folder.path(), &profile), None);
    assert_ne!(finished.code, 0);
    assert!(finished.err.contains("password"), "{}", finished.err);
}

#[tokio::test]
async fn our_own_file_is_imported_as_the_connection_it_was_written_from() {
    let (folder, (_test, profile)) = (tempfile::tempdir().unwrap(), database().await);
    let path = write(folder.path(), &profile);
    let variables = [("DATABASE_PASSWORD".to_owned(), PASSWORD.to_owned())].into();
    let around = Surroundings { variables, ..Surroundings::default() };
    let found = read(&ImportSource::DatabaseYml { path }, &around).unwrap();
    let one = &found.candidates[0];
    assert!(one.profile.same_place(&profile) && one.problem.is_none(), "{one:?}");
    assert_eq!(one.password.as_ref().map(Secret::expose), Some(PASSWORD));
    assert_eq!((one.profile.timeouts, one.profile.environment), (profile.timeouts, Environment::Staging));
}

/// What Ruby makes of merge keys, anchors and unset variables is what we make of them.
#[test]
fn a_file_with_merge_keys_says_the_same_to_ruby_and_to_us() {
    let text = "
default: &default
  adapter: postgresql
  host: from-default
  username: app
staging:
  host: own
  <<: *default
  database: one
test:
  <<: [*default, { username: second, port: 6000 }]
  host: own
  database: <%= ENV['NOT_SET'] || 'two' %>
production:
  <<: *default
  database: three
  host: <%= ENV['NOT_SET'] %>
";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("database.yml");
    std::fs::write(&path, text).unwrap();
    let mut ruby = Command::new("ruby");
    let dump = r#"require "active_support"; require "active_support/configuration_file"
        ActiveSupport::ConfigurationFile.parse(ARGV[0]).each { |name, one| puts [name, *one.values_at("host", "username", "port", "database")].inspect if one["database"] }"#;
    let told = Finished::of(ruby.args(["-W0", "-e", dump]).arg(&path).env_remove("NOT_SET")).expect(0).out;
    let around = Surroundings { user: Some("me".to_owned()), ..Surroundings::default() };
    let found = read(&ImportSource::DatabaseYml { path: path.display().to_string() }, &around).unwrap();
    let ours: Vec<_> = found.candidates.iter().map(|one| &one.profile).collect();
    assert_eq!(told.lines().next().unwrap(), r#"["staging", "from-default", "app", nil, "one"]"#);
    assert_eq!((ours[0].host.as_str(), ours[0].user.as_str()), ("from-default", "app"));
    assert_eq!(told.lines().nth(1).unwrap(), r#"["test", "own", "app", 6000, "two"]"#);
    assert_eq!((ours[1].host.as_str(), ours[1].user.as_str(), ours[1].port), ("own", "app", 6000));
    assert_eq!(told.lines().nth(2).unwrap(), r#"["production", nil, "app", nil, "three"]"#);
    assert_eq!(ours[2].host, "localhost", "a host that is null is libpq's default");
}
