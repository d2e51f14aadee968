//! libpq's files and variables, as libpq takes them and as they break.

use std::fs;
use std::path::{Path, PathBuf};

use super::{FoundPassword, ImportKind, ImportPlan, ImportSource, Reading, Surroundings, discover, read};
use crate::connection::{ConnectionProfile, Environment, Secret, SecretPolicy, TlsMode};

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        allow(&path, 0o600);
        path
    }

    fn around(&self, variables: &[(&str, &str)]) -> Surroundings {
        let pairs = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Surroundings {
            home: Some(self.0.path().to_owned()),
            user: Some("maria".to_owned()),
            variables: pairs.collect(),
            ..Surroundings::default()
        }
    }
}

#[cfg(unix)]
fn allow(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn one_line(reading: &Reading) -> Vec<String> {
    let line = |profile: &ConnectionProfile| {
        format!("{}: {}@{}/{}", profile.name, profile.user, profile.address(), profile.database)
    };
    reading.candidates.iter().map(|candidate| line(&candidate.profile)).collect()
}

fn password(reading: &Reading, at: usize) -> Option<&str> {
    reading.candidates[at].password.as_ref().map(Secret::expose)
}

#[test]
fn a_password_file_is_read_with_its_escapes_and_wildcards() {
    let home = Home::new();
    home.write(".pgpass", "# mine\ndb\\:1:5433:raaf:maria:a\\:b\\\\c\n\ndb2:*:*:*:x\n*:*:*:*:any\n");
    let found = read(&ImportSource::Pgpass, &home.around(&[])).unwrap();
    assert_eq!(
        one_line(&found),
        ["raaf on db:1: maria@db:1:5433/raaf", "postgres on db2: maria@db2:5432/postgres"]
    );
    assert_eq!((password(&found, 0), password(&found, 1)), (Some("a:b\\c"), Some("x")));
    assert!(found.problems[0].line == Some(5) && found.problems[0].message.contains("no host"));
}

#[test]
fn a_password_file_that_others_may_read_is_not_used() {
    let home = Home::new();
    let path = home.write(".pgpass", "db:5432:raaf:maria:s3cret\n");
    for mode in [0o640, 0o604, 0o666] {
        allow(&path, mode);
        let error = read(&ImportSource::Pgpass, &home.around(&[])).unwrap_err();
        assert!(error.message().contains("may be read by others"), "{error}");
        assert!(error.hint_text().is_some_and(|hint| hint.starts_with("chmod 0600")));
    }
}

#[test]
fn a_broken_line_of_a_password_file_is_named_and_its_words_are_not() {
    let home = Home::new();
    home.write(".pgpass", "db:5432:s3cret\ndb:notaport:raaf:maria:s3cret\ndb:5432:raaf:maria:s3:cret\n");
    let found = read(&ImportSource::Pgpass, &home.around(&[])).unwrap();
    let told: Vec<_> = found.problems.iter().map(|one| (one.line, one.message.as_str())).collect();
    assert_eq!(told[0], (Some(1), "it has 3 of the five fields host:port:database:user:password"));
    assert!(told.contains(&(Some(2), "notaport is no port number")));
    assert!(told.iter().any(|(line, words)| *line == Some(3) && words.contains("bare colon")));
    assert!(!format!("{:?}", found.problems).contains("s3cret"));
}

#[test]
fn a_service_file_is_read_as_libpq_reads_it() {
    let home = Home::new();
    home.write(".pg_service.conf", "# services\n[staging]\nhost=db.stg\nport=6432\ndbname=raaf eval\nuser=deploy\nsslmode=verify-full\nsslrootcert=/ca.pem\noptions=-c x=y\n[local]\n");
    home.write(".pgpass", "db.stg:6432:raaf eval:deploy:from the file\n");
    let found = read(&ImportSource::Service, &home.around(&[])).unwrap();
    assert_eq!(
        one_line(&found),
        ["staging: deploy@db.stg:6432/raaf eval", "local: maria@localhost:5432/maria"]
    );
    assert_eq!(found.candidates[0].profile.tls, TlsMode::VerifyFull);
    assert_eq!(password(&found, 0), Some("from the file"));
    assert!(found.candidates[0].notes.iter().any(|note| note.starts_with("options")));
    assert_eq!(found.candidates[1].profile.secret_policy, SecretPolicy::Ask);
}

#[test]
fn broken_lines_of_a_service_file_are_named() {
    let home = Home::new();
    home.write(
        ".pg_service.conf",
        "host=early\n[x\n[a]\nhost = db\nnonsense\nsrevice=1\nservice=b\nport=many\n[a]\n",
    );
    let found = read(&ImportSource::Service, &home.around(&[])).unwrap();
    let lines: Vec<_> = found.problems.iter().filter_map(|one| one.line).collect();
    assert_eq!(lines, [1, 2, 4, 5, 6, 7, 9], "{:?}", found.problems);
    assert_eq!(found.candidates[0].problem.as_deref(), Some("many is no port number"));
}

#[test]
fn the_persons_services_come_before_the_systems() {
    let home = Home::new();
    home.write(".pg_service.conf", "[a]\nhost=mine\n");
    home.write("etc/pg_service.conf", "[a]\nhost=theirs\n[b]\nhost=theirs\n");
    let folder = home.0.path().join("etc").display().to_string();
    let found = read(&ImportSource::Service, &home.around(&[("PGSYSCONFDIR", &folder)])).unwrap();
    let hosts: Vec<_> = found.candidates.iter().map(|one| one.profile.host.as_str()).collect();
    assert_eq!(hosts, ["mine", "theirs"]);
}

#[test]
fn variables_of_the_guide_of_rails_and_of_libpq_are_connections() {
    let home = Home::new();
    let around = home.around(&[
        ("DATABASE_URL", "postgresql://user:pw@db.example:5433/raaf"),
        ("JOBS_DATABASE_URL", "postgresql://user@db.example/jobs"),
        ("BAD_DATABASE_URL", "mysql://u:hunter2@h/d"),
        ("DATABASE_HOST", "db-2"),
        ("DATABASE_PASSWORD", "guide"),
        ("DATABASE_POOL", "10"),
        ("PGHOST", "db-3"),
        ("PGPASSWORD", "libpq"),
        ("PGSSLMODE", "require"),
    ]);
    let found = read(&ImportSource::Environment, &around).unwrap();
    assert_eq!(
        one_line(&found),
        [
            "DATABASE_URL: user@db.example:5433/raaf",
            "JOBS_DATABASE_URL: user@db.example:5432/jobs",
            "DATABASE_HOST: postgres@db-2:5432/raaf_eval_development",
            "PGHOST: maria@db-3:5432/maria"
        ]
    );
    assert_eq!(
        (0..4).map(|at| password(&found, at)).collect::<Vec<_>>(),
        [Some("pw"), None, Some("guide"), Some("libpq")]
    );
    assert_eq!(found.candidates[3].profile.tls, TlsMode::Require);
    assert_eq!(found.candidates[0].profile.environment, Environment::Production);
    assert!(found.problems[0].message.starts_with("BAD_DATABASE_URL"));
    assert!(!format!("{found:?} {around:?}").contains("hunter2"));
}

#[test]
fn pgservice_stands_for_its_service() {
    let home = Home::new();
    home.write("services", "[one]\nhost=db-1\ndbname=x\n");
    let file = home.0.path().join("services").display().to_string();
    let around = home.around(&[("PGSERVICE", "one"), ("PGSERVICEFILE", &file)]);
    assert_eq!(one_line(&read(&ImportSource::Environment, &around).unwrap()), ["one: maria@db-1:5432/x"]);
}

#[test]
fn a_plan_says_what_is_saved_already_and_holds_no_password() {
    let home = Home::new();
    home.write(".pgpass", "db:5432:raaf:maria:s3cret\ndb:5432:other:maria:s3cret\n");
    let mut saved = vec![ConnectionProfile::new("Raaf", "db", 5432, "raaf", "maria")];
    saved.push(ConnectionProfile::new("other on db", "elsewhere", 5432, "other", "maria"));
    let reading = read(&ImportSource::Pgpass, &home.around(&[])).unwrap().with_free_names(&saved);
    let plan: ImportPlan = reading.plan(&saved);
    assert_eq!(plan.found[0].exists.as_deref(), Some("Raaf"));
    assert_eq!(
        (plan.found[1].exists.as_deref(), plan.found[1].profile.name.as_str()),
        (None, "other on db 2")
    );
    assert_eq!(plan.found[0].password, FoundPassword::Carried);
    assert!(!serde_json::to_string(&plan).unwrap().contains("s3cret"));
}

#[test]
fn what_is_on_this_computer_is_found_without_being_named() {
    let home = Home::new();
    home.write(".pgpass", "db:5432:raaf:maria:s3cret\n");
    home.write("app/config/database.yml", "test:\n  database: x\n");
    home.write("run/.s.PGSQL.5433", "");
    let mut around = home.around(&[("DATABASE_URL", "postgres://localhost/x")]);
    around.folder = Some(home.0.path().join("app"));
    around.socket_folders = vec![home.0.path().join("run"), home.0.path().join("nowhere")];
    let found: Vec<_> = discover(&[], &around).into_iter().map(|one| one.kind).collect();
    assert_eq!(
        found,
        [ImportKind::Environment, ImportKind::DatabaseYml, ImportKind::Pgpass, ImportKind::Sockets]
    );
}

#[test]
fn a_file_of_connections_brings_no_command_and_no_secret_along() {
    let home = Home::new();
    let mut profile = ConnectionProfile::new("Staging", "db", 5432, "raaf", "maria");
    (profile.secret_policy, profile.password_command) = (SecretPolicy::Command, Some("rm -r x".to_owned()));
    profile.secret_of = Some("some id".to_owned());
    let text = crate::connection::export::export(&[profile]).unwrap();
    assert!(!text.contains("some id"));
    let path = home.write("them.json", &text).display().to_string();
    let found = read(&ImportSource::File { path }, &home.around(&[])).unwrap();
    let one = &found.candidates[0];
    assert_eq!(
        (one.profile.password_command.as_deref(), one.profile.secret_policy),
        (None, SecretPolicy::Ask)
    );
    assert!(one.notes[0].contains("rm -r x"), "{:?}", one.notes);
}

#[test]
fn a_file_of_something_else_is_refused_by_its_line() {
    let home = Home::new();
    let why = |text: &str| {
        let path = home.write("x.json", text).display().to_string();
        read(&ImportSource::File { path }, &home.around(&[])).unwrap_err().to_string()
    };
    assert!(why("{\n  \"evaldesk\": ").contains("line 2"));
    assert!(why(r#"{"evaldesk":"backup","version":1,"connections":[]}"#).contains("“backup”"));
    assert!(why("{}").contains("no file of connections"));
}
