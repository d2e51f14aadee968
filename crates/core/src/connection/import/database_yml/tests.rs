//! Files as people have them, and as they break.

use crate::connection::import::{ImportSource, Reading, Surroundings, read};
use crate::connection::{Environment, SecretPolicy, TlsMode};

fn around(variables: &[(&str, &str)]) -> Surroundings {
    let pairs = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Surroundings { variables: pairs.collect(), ..Surroundings::default() }
}

fn try_reading(text: &str, variables: &[(&str, &str)]) -> crate::Result<Reading> {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("shop/config");
    std::fs::create_dir_all(&config).unwrap();
    let path = config.join("database.yml");
    std::fs::write(&path, text).unwrap();
    read(&ImportSource::DatabaseYml { path: path.display().to_string() }, &around(variables))
}

fn reading(text: &str, variables: &[(&str, &str)]) -> Reading {
    try_reading(text, variables).unwrap()
}

const GUIDE: &str = r"
development:
  adapter: postgresql
  database: raaf_eval_development
  username: <%= ENV['DATABASE_USERNAME'] || 'postgres' %>
  password: <%= ENV['DATABASE_PASSWORD'] || 'password' %>
  host: <%= ENV['DATABASE_HOST'] || 'localhost' %>
  port: <%= ENV['DATABASE_PORT'] || 5432 %>
  pool: <%= ENV['DATABASE_POOL'] || 5 %>
  timeout: 5000

production:
  adapter: postgresql
  url: <%= ENV['DATABASE_URL'] %>
  pool: <%= ENV['DATABASE_POOL'] || 10 %>
  timeout: 5000
";

#[test]
fn the_guides_file_is_read_with_its_defaults() {
    let found = reading(GUIDE, &[]);
    let development = &found.candidates[0];
    assert_eq!(development.profile.name, "shop development");
    assert_eq!(development.profile.address(), "localhost:5432");
    assert_eq!(
        (development.profile.user.as_str(), development.profile.environment),
        ("postgres", Environment::Development)
    );
    assert_eq!(development.password.as_ref().map(|secret| secret.expose()), Some("password"));
    assert!(found.notes.iter().any(|note| note.contains("timeout is not read")));
    let production = &found.candidates[1];
    assert!(
        production.problem.as_ref().is_some_and(|why| why.contains("ENV['DATABASE_URL']")),
        "{production:?}"
    );
}

#[test]
fn variables_count_more_than_the_defaults() {
    let url = "postgresql://deploy:p%23w@db.example/raaf_eval?sslmode=verify-full";
    let found = reading(GUIDE, &[("DATABASE_HOST", "db-2"), ("DATABASE_URL", url)]);
    assert_eq!(found.candidates[0].profile.host, "db-2");
    let production = &found.candidates[1];
    assert_eq!((production.profile.tls, production.problem.as_deref()), (TlsMode::VerifyFull, None));
    assert_eq!(production.password.as_ref().map(|secret| secret.expose()), Some("p#w"));
    assert_eq!(production.profile.secret_policy, SecretPolicy::Keyring);
    assert!(found.notes.iter().any(|note| note.contains("DATABASE_URL is set here")));
}

#[test]
fn anchors_merge_keys_and_several_databases_are_followed() {
    let text = "
default: &default
  adapter: postgresql
  host: db-1
  username: app
staging:
  primary:
    <<: *default
    database: shop
  replica:
    <<: *default
    database: shop
    host: db-2
    replica: true
  jobs:
    database: jobs
    <<: [*default, {username: other, sslmode: require}]
";
    let found = reading(text, &[]);
    let told: Vec<_> = found
        .candidates
        .iter()
        .map(|one| {
            (one.profile.name.as_str(), one.profile.host.as_str(), one.profile.user.as_str(), one.line)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("shop staging primary", "db-1", "app", Some(8)),
            ("shop staging replica", "db-2", "app", Some(11)),
            ("shop staging jobs", "db-1", "app", Some(16))
        ]
    );
    assert_eq!(found.candidates[2].profile.tls, TlsMode::Require);
}

#[test]
fn other_ruby_is_named_by_its_line_and_never_run() {
    let folder = tempfile::tempdir().unwrap();
    let trap = folder.path().join("ran");
    let code = format!("`touch {}`", trap.display());
    let text = format!(
        "production:\n  database: x\n  host: <%= {code} %>\n  password: <%= Rails.secret %>\n  username: me\n"
    );
    let found = reading(&text, &[]);
    assert!(!trap.exists());
    let one = &found.candidates[0];
    assert!(one.problem.as_ref().is_some_and(|why| why.starts_with("line 3: host: the Ruby")), "{one:?}");
    assert!(one.notes.iter().any(|note| note.contains("line 4: password")), "{one:?}");
    assert_eq!((one.password.as_ref(), one.profile.secret_policy), (None, SecretPolicy::Ask));
}

#[test]
fn a_condition_makes_the_file_doubtful() {
    let found = reading("test:\n<% if true %>\n  database: x\n<% end %>\n", &[]);
    assert_eq!(found.problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [Some(2), Some(4)]);
    assert!(found.candidates[0].notes.iter().any(|note| note.contains("not run")));
}

#[test]
fn a_value_never_becomes_yaml() {
    let evil = "x\n  host: evil.example\n  #";
    let found = reading("test:\n  database: x\n  host: here\n  password: <%= ENV['P'] %>\n", &[("P", evil)]);
    assert_eq!(found.candidates[0].profile.host, "here");
    assert_eq!(found.candidates[0].password.as_ref().map(|secret| secret.expose()), Some(evil));
    assert!(found.candidates[0].notes.iter().any(|note| note.contains("quote the tag")));
}

#[test]
fn each_broken_file_has_its_own_words_and_line() {
    for (text, line, words) in [
        ("", 1, "empty"),
        ("- a\n- b\n", 1, "no mapping"),
        ("a:\n  b: [1\nc: 2\n", 3, ""),
        ("a:\n  b: *nowhere\n", 2, ""),
        ("a:\n\t<<: x\n", 2, ""),
        ("a:\n  <<: 5\n", 2, "wants a mapping"),
        ("a:\n  p: <%= x\n", 2, "does not end"),
        ("a: &a\n  b: *a\n", 2, ""),
    ] {
        let error = try_reading(text, &[]).unwrap_err();
        assert!(error.message().contains(&format!("line {line}: ")), "{text:?}: {error}");
        assert!(error.message().contains(words), "{text:?}: {error}");
    }
}

#[test]
fn nesting_without_end_is_refused_and_doubled_merges_cost_nothing() {
    let deep = format!("a: {}{}\n", "[".repeat(100), "]".repeat(100));
    assert!(try_reading(&deep, &[]).unwrap_err().message().contains("too deep"));
    let mut text = "m0: &m0\n  database: x\n".to_owned();
    for n in 1..200 {
        text.push_str(&format!("m{n}: &m{n}\n  <<: [*m{}, *m{}]\n", n - 1, n - 1));
    }
    assert_eq!(reading(&text, &[]).candidates.len(), 200);
}

#[test]
fn names_with_quotes_and_emoji_arrive_as_they_are() {
    let found = reading("\"<script>'🐘\":\n  database: \"a\\nb\\\"\"\n", &[]);
    assert_eq!(found.candidates[0].profile.name, "shop <script>'🐘");
    assert_eq!(found.candidates[0].profile.database, "a\nb\"");
}
