//! A Rails folder, run by the real rake; and versions of ours written as Ruby, which it takes back.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use evaldesk_core::connection::{Database, Secret, parse_url};
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::rails::write_twin;
use evaldesk_core::migrate::{
    Doomed, MigrationContext, MigrationFormat, MigrationOutcome, MigrationRequest, MigrationSet,
    MigrationState, RepairVerb, StatementPurpose, Version, apply_migrate, migration_status, plan_migrate,
    plan_repair, repairs,
};
use evaldesk_core::{Error, ErrorKind, Result};
use support::{RailsApp, TestDatabase, empty_database, usual, versions};

const NOTES: &str = "  def change\n    create_table(:notes) { |t| t.string :text }\n  end";
const INDEX: &str =
    "  disable_ddl_transaction!\n  def change\n    add_index :notes, :text, algorithm: :concurrently\n  end";

fn app(test: &TestDatabase) -> RailsApp {
    RailsApp::new(&test.url).with_migration("20260102030405", "create_notes", NOTES).with_migration(
        "20260102030406",
        "index_notes",
        INDEX,
    )
}

fn private(app: &RailsApp) -> PathBuf {
    app.folder().join("private")
}

fn context(app: &RailsApp, rake: Option<&str>) -> MigrationContext {
    let set = MigrationSet::from_folder(&app.migrations()).unwrap();
    MigrationContext::new(set.with_rake(rake, Some(private(app))))
}

async fn run(database: &Database, app: &RailsApp, request: MigrationRequest) -> Result<MigrationOutcome> {
    let context = context(app, Some("rake"));
    let plan = plan_migrate(database, &context, request).await?;
    apply_migrate(database, &context, &plan, &JobContext::detached()).await
}

async fn up(test: &TestDatabase, app: &RailsApp) -> Result<MigrationOutcome> {
    run(&test.open().await, app, MigrationRequest::Up).await
}

async fn recorded(test: &TestDatabase) -> i64 {
    match test.value("select to_regclass('schema_migrations')").await {
        Some(_) => test.count("schema_migrations").await,
        None => 0,
    }
}

#[tokio::test]
async fn what_broke_off_and_is_ruby_now_offers_no_verb_and_says_what_rake_can_do() {
    let test = empty_database(usual()).await;
    let (database, app) = (test.open().await, app(&test));
    // The version broke off as a file of SQL, and is one of Ruby since.
    let up = "-- evaldesk: no-transaction\nselect 1;\nselect 1 / 0";
    let files = [("20260102030405_create_notes.up.sql", up.as_bytes())];
    let mut before = MigrationContext::new(MigrationSet::from_files("test", files).unwrap());
    before.own_schema = true;
    let plan = plan_migrate(&database, &before, MigrationRequest::Up).await.unwrap();
    apply_migrate(&database, &before, &plan, &JobContext::detached()).await.unwrap_err();
    let mut context = context(&app, Some("rake"));
    context.own_schema = true;
    let row = migration_status(&database, &context).await.unwrap().migrations.remove(0);
    assert_eq!((row.state, row.repairs.as_slice()), (MigrationState::Partial, &[][..]));
    let told = row.notes.join("\n");
    assert!(told.contains("rake db:migrate:up VERSION=20260102030405"), "{told}");
    let needed = repairs(&database, &context).await.unwrap();
    assert_eq!((needed.len(), needed[0].verbs.len()), (1, 0));
    let version = Version::new("20260102030405");
    for verb in [RepairVerb::Resume, RepairVerb::Undo] {
        let error = plan_repair(&database, &context, &version, verb).await.unwrap_err();
        assert!(
            error.message().starts_with(&format!("cannot {verb} 20260102030405 create_notes: it is Ruby")),
            "{error}"
        );
        assert!(
            error.hint_text().unwrap().contains("rake db:migrate:down VERSION=20260102030405"),
            "{error:?}"
        );
    }
    for request in [MigrationRequest::Resume { version: version.clone() }, MigrationRequest::Undo { version }]
    {
        let error = plan_migrate(&database, &context, request).await.unwrap_err();
        assert!(error.message().contains("it is Ruby"), "{error}");
    }
    let error = plan_migrate(&database, &context, MigrationRequest::Up).await.unwrap_err();
    let hint = error.hint_text().unwrap();
    assert!(hint.contains("rake db:migrate:up") && !hint.contains("repair"), "{error:?}");
}

/// A migration that writes down what rake was given.
fn telling(app: &RailsApp) -> String {
    let told = app.folder().join("told");
    format!(
        "  def change\n    file = ENV['PGPASSFILE']\n    File.write('{}', [ENV.to_h.inspect, \
         File.read('/proc/self/cmdline'), file && File.read(file), file && '%o' % File.stat(file).mode].join(\"\\n\"))\n  end",
        told.display()
    )
}

#[tokio::test]
async fn a_rails_folder_goes_up_and_down_through_rake() {
    for major in versions() {
        let test = empty_database(major).await;
        let (database, app) = (test.open().await, app(&test));
        let first = run(&database, &app, MigrationRequest::Up).await.unwrap();
        assert_eq!(first.applied.len(), 2);
        assert!(first.applied[0].output.as_deref().unwrap().contains("CreateNotes: migrated"));
        assert_eq!(recorded(&test).await, 2);
        let index = test.value("select indexname from pg_indexes where indexname like 'index_notes%'").await;
        assert_eq!(index.as_deref(), Some("index_notes_on_text"));
        let down = run(&database, &app, MigrationRequest::Rollback { step: 2 }).await.unwrap();
        assert_eq!(down.applied.len(), 2);
        assert_eq!((recorded(&test).await, test.value("select to_regclass('notes')").await), (0, None));
    }
}

#[tokio::test]
async fn what_ruby_takes_back_counts_as_data_that_dies_and_what_can_be_read_of_it_is_weighed() {
    let test = empty_database(usual()).await;
    let (database, app) = (test.open().await, app(&test));
    run(&database, &app, MigrationRequest::Up).await.unwrap();
    test.run("insert into notes (text) values ('one'), ('two'); analyze notes").await;
    let context = context(&app, Some("rake"));
    let down = plan_migrate(&database, &context, MigrationRequest::Rollback { step: 2 }).await.unwrap();
    let dies: Vec<_> = down.doomed.iter().map(Doomed::in_words).collect();
    let table = "table notes with about 2 rows".to_owned();
    let ruby = |file: &str| format!("whatever is taken back by {file}");
    let (create, index) = ("20260102030405_create_notes.rb", "20260102030406_index_notes.rb");
    assert_eq!(dies, [ruby(index), table, ruby(create)]);
    assert!(down.is_destructive());
    let up = plan_migrate(&database, &context, MigrationRequest::Redo { step: 1 }).await.unwrap();
    assert_eq!(up.title(), format!("Redo 1 migration on {}", test.name));
    assert_eq!(up.doomed.len(), 1, "what goes up again takes nothing back: {:?}", up.doomed);
}

#[tokio::test]
async fn the_plan_shows_the_line_that_rake_is_called_with() {
    let test = empty_database(usual()).await;
    let app = app(&test);
    let context = context(&app, Some("bundle exec rake"));
    assert_eq!(context.set.format(), MigrationFormat::Rails);
    let plan = plan_migrate(&test.open().await, &context, MigrationRequest::Up).await.unwrap();
    let statement = &plan.steps[0].statements[0];
    assert_eq!(statement.sql, "bundle exec rake db:migrate:up VERSION=20260102030405");
    assert_eq!((statement.purpose, &statement.lock), (StatementPurpose::Rake, &None));
    assert!(statement.consequence.contains("only when it runs"), "{}", statement.consequence);
    assert!(plan.steps[0].transactional && !plan.steps[1].transactional);
}

#[tokio::test]
async fn without_rake_every_version_is_listed_and_says_what_to_set() {
    let test = empty_database(usual()).await;
    let (database, app) = (test.open().await, app(&test));
    let context = context(&app, None);
    let status = migration_status(&database, &context).await.unwrap();
    assert_eq!(status.migrations.len(), 2);
    assert!(
        status.migrations.iter().all(|row| row.notes.iter().any(|note| note.contains("only rake can run")))
    );
    let error = plan_migrate(&database, &context, MigrationRequest::Up).await.unwrap_err();
    assert!(error.message().contains("only rake can run"), "{}", error.message());
    assert!(error.hint_text().unwrap().contains("bundle exec rake"));
}

#[tokio::test]
async fn a_rake_that_is_not_there_is_named() {
    let test = empty_database(usual()).await;
    let (database, app) = (test.open().await, app(&test));
    let context = context(&app, Some("bin/no-rake"));
    let plan = plan_migrate(&database, &context, MigrationRequest::Up).await.unwrap();
    let error = apply_migrate(&database, &context, &plan, &JobContext::detached()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Missing);
    assert!(error.message().contains("bin/no-rake is not found"), "{}", error.message());
}

#[tokio::test]
async fn the_password_goes_by_a_private_file_alone_and_is_gone_afterwards() {
    let test = empty_database(usual()).await;
    let (role, password) = ("mia_rails", "pa:s s\\w@rd");
    test.run(&format!(
        "create role {role} login password 'pa:s s\\w@rd' superuser; alter database \"{}\" owner to {role}",
        test.name
    ))
    .await;
    let mut profile = parse_url(&test.url).unwrap().profile;
    profile.user = role.to_owned();
    let database = Database::open(&profile, Some(&Secret::new(password))).await.unwrap();
    let app = RailsApp::new(&test.url);
    let tell = telling(&app);
    let app = app.with_migration("1", "tell", &tell);
    run(&database, &app, MigrationRequest::Up).await.unwrap();
    let told = std::fs::read_to_string(app.folder().join("told")).unwrap();
    let (given, file) = told.split_once(&format!(":{role}:")).expect("the file names the role");
    assert!(file.starts_with("pa\\:s s\\\\w@rd\n\n100600"), "{file}");
    assert!(!given.contains("w@rd") && !given.contains("w%40rd"), "{given}");
    assert!(given.contains("evaldesk rake"), "sessions of rake are known by name");
    assert_eq!(std::fs::read_dir(private(&app)).unwrap().count(), 0);
    test.run(&format!(
        "alter database \"{}\" owner to postgres; drop owned by {role}; drop role {role}",
        test.name
    ))
    .await;
}

#[tokio::test]
async fn the_environment_that_rails_recorded_stays() {
    let test = empty_database(usual()).await;
    let app = app(&test);
    assert_eq!(app.command().env("RAILS_ENV", "blue").arg("db:migrate").status().unwrap().code(), Some(0));
    let environment = "select value from ar_internal_metadata where key = 'environment'";
    assert_eq!(test.value(environment).await.as_deref(), Some("blue"));
    let database = test.open().await;
    run(&database, &app, MigrationRequest::Rollback { step: 1 }).await.unwrap();
    run(&database, &app, MigrationRequest::Up).await.unwrap();
    assert_eq!(test.value(environment).await.as_deref(), Some("blue"));
}

#[tokio::test]
async fn what_rails_says_of_a_failure_is_passed_on() {
    let test = empty_database(usual()).await;
    let app =
        RailsApp::new(&test.url).with_migration("1", "fail", "  def change\n    drop_table :nowhere\n  end");
    let error = up(&test, &app).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ToolFailed);
    assert!(error.message().contains("PG::UndefinedTable"), "{}", error.message());
    assert!(error.detail_text().unwrap().contains("rake aborted!"));
    assert_eq!(recorded(&test).await, 0);
}

#[tokio::test]
async fn rake_does_not_run_while_somebody_holds_rails_lock() {
    let test = empty_database(usual()).await;
    let app = app(&test);
    let mut session = test.session().await;
    let key = format!("select pg_try_advisory_lock(2053462845 * {}::bigint)", crc32(test.name.as_bytes()));
    let held: bool = sqlx::query_scalar(sqlx::AssertSqlSafe(key)).fetch_one(&mut session).await.unwrap();
    assert!(held);
    let error = up(&test, &app).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused, "{}", error.message());
    assert_eq!(recorded(&test).await, 0);
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    })
}

#[tokio::test]
async fn an_application_that_works_on_another_database_is_found_out() {
    let (test, other) = (empty_database(usual()).await, empty_database(usual()).await);
    let app = app(&test);
    let rakefile = app.folder().join("Rakefile");
    let text = std::fs::read_to_string(&rakefile).unwrap();
    let elsewhere = |when: &str| {
        std::fs::write(&rakefile, format!("ENV['DATABASE_URL'] = '{}' if {when}\n{text}", other.url))
            .unwrap();
    };
    elsewhere("true");
    let error = up(&test, &app).await.unwrap_err();
    assert!(
        error.message().contains("cannot tell whether rake works on this database"),
        "{}",
        error.message()
    );
    other.run("create table schema_migrations (version varchar not null primary key)").await;
    let error = up(&test, &app).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.message().contains(&other.name), "{}", error.message());
    assert_eq!((recorded(&test).await, recorded(&other).await), (0, 0), "nothing has run");
    elsewhere("ARGV.include?('db:migrate:up')");
    let error = up(&test, &app).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Precondition);
    assert!(error.message().contains("is not recorded in this database"), "{}", error.message());
    assert_eq!((recorded(&test).await, recorded(&other).await), (0, 1));
}

#[tokio::test]
async fn cancelling_ends_rake_and_its_session_at_once() {
    let test = empty_database(usual()).await;
    let app = RailsApp::new(&test.url).with_migration(
        "1",
        "sleep",
        "  def change\n    reversible { |way| way.up { execute 'select pg_sleep(120)' } }\n  end",
    );
    let (database, job) = (test.open().await, JobContext::detached());
    let context = context(&app, Some("rake"));
    let plan = plan_migrate(&database, &context, MigrationRequest::Up).await.unwrap();
    let started = Instant::now();
    let (ended, ()) = tokio::join!(apply_migrate(&database, &context, &plan, &job), async {
        while sessions(&test).await == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        job.cancel();
    });
    let error: Error = ended.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled, "{}", error.message());
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!((sessions(&test).await, recorded(&test).await), (0, 0));
}

/// Sessions of rake that run a statement.
async fn sessions(test: &TestDatabase) -> i64 {
    let sql = "select count(*) from pg_stat_activity where application_name like 'evaldesk rake%'
        and datname = current_database() and query like '%pg_sleep%'";
    test.value(sql).await.unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_twin_of_ours_is_taken_back_and_up_again_by_rake() {
    let test = empty_database(usual()).await;
    let (database, app) = (test.open().await, RailsApp::new(&test.url));
    let files: [(&str, &[u8]); 4] = [
        (
            "20260102030405_create_notes.up.sql",
            b"create table notes (text text default '#{1 + 1}\\n');\ninsert into notes default values",
        ),
        ("20260102030405_create_notes.down.sql", b"drop table notes"),
        (
            "20260102030406_index_notes.up.sql",
            b"-- evaldesk: no-transaction\ncreate index concurrently i on notes (text)",
        ),
        ("20260102030406_index_notes.down.sql", b"drop index i"),
    ];
    let context = MigrationContext::new(MigrationSet::from_files("test", files).unwrap());
    for migration in context.set.iter() {
        write_twin(&app.migrations(), migration).unwrap();
    }
    let plan = plan_migrate(&database, &context, MigrationRequest::Up).await.unwrap();
    apply_migrate(&database, &context, &plan, &JobContext::detached()).await.unwrap();
    let listed = app.rake(&["db:migrate:status"]).expect(0).out;
    assert!(listed.contains("20260102030406") && !listed.contains("NO FILE"), "{listed}");
    app.rake(&["db:rollback", "STEP=2"]).expect_code(0);
    assert_eq!((recorded(&test).await, test.value("select to_regclass('notes')").await), (0, None));
    app.rake(&["db:migrate"]).expect_code(0);
    assert_eq!(recorded(&test).await, 2);
    // The text of a statement is the same, to the letter: Ruby reads nothing into it.
    assert_eq!(test.value("select text from notes").await.as_deref(), Some("#{1 + 1}\\n"));
    assert_eq!(test.value("select to_regclass('i')").await.as_deref(), Some("i"));
    let state = migration_status(&database, &context).await.unwrap();
    assert!(state.migrations.iter().all(|row| row.version > Version::new("0")), "{state:#?}");
}

#[tokio::test]
async fn on_rails_ledger_a_version_with_a_twin_is_recorded_there_and_rake_takes_it_back() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let app = RailsApp::new(&test.url).with_migration("1", "create_notes", NOTES);
    app.rake(&["db:migrate"]).expect_code(0);
    let files: [(&str, &[u8]); 2] = [
        ("20260102030406_index_notes.up.sql", b"create index i on notes (text)"),
        ("20260102030406_index_notes.down.sql", b"drop index i"),
    ];
    let mut context = MigrationContext::new(MigrationSet::from_files("test", files).unwrap());
    let error = plan_migrate(&database, &context, MigrationRequest::Up).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused, "without a twin rake would stop at the version");
    context.ruby_twins = true;
    context.set.iter().for_each(|one| drop(write_twin(&app.migrations(), one).unwrap()));
    let plan = plan_migrate(&database, &context, MigrationRequest::Up).await.unwrap();
    apply_migrate(&database, &context, &plan, &JobContext::detached()).await.unwrap();
    assert!(!app.rake(&["db:migrate:status"]).expect(0).out.contains("NO FILE"));
    app.rake(&["db:rollback"]).expect_code(0);
    assert_eq!((recorded(&test).await, test.value("select to_regclass('i')").await), (1, None));
}
