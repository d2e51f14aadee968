//! Mending: each verb from a situation that was really made, a plan first, a log entry after, and nothing by itself.

use std::future::Future;
use std::path::Path;

use evaldesk_core::connection::Database;
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::log::{Log, LogFilter, LogOutcome};
use evaldesk_core::migrate::{
    Actor, MigrationContext, MigrationRequest, MigrationSet, MigrationState, MigrationStatusRow, RepairPlan,
    RepairVerb, Version, apply_migrate, apply_repair, migration_status, plan_migrate, plan_repair, repairs,
};
use evaldesk_core::{Error, ErrorKind};
use support::{TestDatabase, empty_database, usual, versions};
use tempfile::TempDir;

const VERIFY: &str = "select 'a is missing' where to_regclass('a') is null";
const RAILS: &str = "create table schema_migrations (version character varying not null primary key);
    create table ar_internal_metadata (key character varying not null primary key, value character varying,
        created_at timestamp(6) not null, updated_at timestamp(6) not null);
    insert into ar_internal_metadata values ('environment', 'production', now(), now());
    insert into schema_migrations values ('1')";

/// A database, a folder of files, and where its log is kept.
struct Place {
    test: TestDatabase,
    database: Database,
    files: TempDir,
    log: TempDir,
    consent: bool,
}

/// Both places of the log, on every version of the run.
async fn everywhere<Running: Future<Output = ()>>(run: impl Fn(Place) -> Running) {
    for major in versions() {
        for consent in [false, true] {
            run(Place::new(major, consent).await).await;
        }
    }
}

impl Place {
    async fn new(major: u32, consent: bool) -> Self {
        let test = empty_database(major).await;
        let (files, log) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let place = Self { database: test.open().await, test, files, log, consent };
        place.write("1_a.up.sql", "create table a (id int)");
        place.write("1_a.down.sql", "drop table a");
        place.write("1_a.verify.sql", VERIFY);
        place
    }

    fn path(&self) -> &Path {
        self.files.path()
    }

    fn write(&self, name: &str, sql: &str) {
        std::fs::write(self.path().join(name), sql).unwrap();
    }

    fn remove(&self, name: &str) {
        std::fs::remove_file(self.path().join(name)).unwrap();
    }

    fn context(&self) -> MigrationContext {
        MigrationContext {
            own_schema: self.consent,
            log_folder: Some(self.log.path().to_owned()),
            actor: Actor { name: "maria (cli)".into(), host: Some("laptop".into()), app_version: "1".into() },
            ..MigrationContext::new(MigrationSet::from_folder(self.path()).unwrap())
        }
    }

    async fn run(&self, request: MigrationRequest) -> Result<(), Error> {
        let context = self.context();
        let plan = plan_migrate(&self.database, &context, request).await?;
        apply_migrate(&self.database, &context, &plan, &JobContext::detached()).await.map(drop)
    }

    async fn up(&self) {
        self.run(MigrationRequest::Up).await.unwrap();
    }

    async fn plan(&self, version: &str, verb: RepairVerb) -> Result<RepairPlan, Error> {
        plan_repair(&self.database, &self.context(), &Version::new(version), verb).await
    }

    async fn repair(&self, version: &str, verb: RepairVerb) -> RepairPlan {
        let plan = self.plan(version, verb).await.unwrap();
        apply_repair(&self.database, &self.context(), &plan, Some("said so")).await.unwrap();
        plan
    }

    async fn row(&self, version: &str) -> MigrationStatusRow {
        let status = migration_status(&self.database, &self.context()).await.unwrap();
        status.migrations.into_iter().find(|row| row.version == Version::new(version)).unwrap()
    }

    async fn state(&self, version: &str) -> MigrationState {
        self.row(version).await.state
    }

    /// The newest entry of the log: how it ended, and why in whose words.
    async fn logged(&self) -> (LogOutcome, Option<String>) {
        let mut session = self.test.session().await;
        let log = Log::open(&mut session, &self.context()).await.unwrap();
        let entry = log.entries(&mut session, &LogFilter::default()).await.unwrap().remove(0);
        (entry.outcome, entry.note)
    }

    async fn versions(&self) -> String {
        let sql = "select coalesce(string_agg(version, ',' order by version), '') from schema_migrations";
        self.test.value(sql).await.unwrap()
    }

    async fn needed(&self) -> Vec<(String, Vec<RepairVerb>)> {
        let needed = repairs(&self.database, &self.context()).await.unwrap();
        needed.into_iter().map(|one| (one.version.to_string(), one.verbs)).collect()
    }
}

fn said(outcome: LogOutcome) -> (LogOutcome, Option<String>) {
    (outcome, Some("said so".to_owned()))
}

#[tokio::test]
async fn an_accepted_change_is_the_file_from_then_on() {
    everywhere(|place| async move {
        place.up().await;
        place.write("1_a.up.sql", "create table a (id int) -- with a word");
        assert_eq!(place.needed().await, [("1".to_owned(), vec![RepairVerb::AcceptChange])]);
        let plan = place.repair("1", RepairVerb::AcceptChange).await;
        assert!(plan.statements.is_empty() && plan.prepare.is_empty());
        assert_eq!(place.state("1").await, MigrationState::Up);
        assert_eq!(place.logged().await, said(LogOutcome::AcceptedChange));
        place.write("1_a.up.sql", "create table a (id bigint)");
        assert_eq!(place.state("1").await, MigrationState::Changed);
    })
    .await;
}

#[tokio::test]
async fn an_accepted_order_lets_up_go_over_it() {
    everywhere(|place| async move {
        place.write("3_c.up.sql", "create table c (id int)");
        place.up().await;
        place.write("2_b.up.sql", "create table b (id int)");
        assert_eq!(place.run(MigrationRequest::Up).await.unwrap_err().kind(), ErrorKind::Refused);
        place.repair("2", RepairVerb::AcceptOrder).await;
        assert_eq!(place.state("2").await, MigrationState::Down);
        place.up().await;
        assert_eq!(place.versions().await, "1,2,3");
    })
    .await;
}

#[tokio::test]
async fn a_forgotten_version_leaves_its_objects() {
    everywhere(|place| async move {
        place.write("2_b.up.sql", "create table b (id int)");
        place.up().await;
        place.remove("2_b.up.sql");
        let plan = place.repair("2", RepairVerb::Forget).await;
        assert_eq!(plan.name.as_deref(), Some("b"));
        assert!(plan.statements[0].starts_with("delete from \"public\".\"schema_migrations\""), "{plan:?}");
        assert_eq!((place.versions().await.as_str(), place.test.count("b").await), ("1", 0));
        assert_eq!(place.logged().await, said(LogOutcome::Forgotten));
        assert!(place.needed().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_lost_file_comes_back_byte_by_byte() {
    everywhere(|place| async move {
        let text = "\u{feff}create table b (\r\n  id int -- ½\r\n);\r\n";
        place.write("2_b.up.sql", text);
        place.write("2_b.down.sql", "drop table b;\n");
        place.up().await;
        place.remove("2_b.up.sql");
        place.remove("2_b.down.sql");
        let plan = place.plan("2", RepairVerb::RestoreFile).await.unwrap();
        assert_eq!(plan.files.len(), 2);
        assert!(!place.path().join("2_b.up.sql").exists(), "a plan writes nothing");
        place.repair("2", RepairVerb::RestoreFile).await;
        assert_eq!(std::fs::read_to_string(place.path().join("2_b.up.sql")).unwrap(), text);
        assert_eq!(place.state("2").await, MigrationState::Up);
        place.run(MigrationRequest::Down { version: Version::new("2") }).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_file_in_the_way_of_a_lost_one_is_not_written_over() {
    let place = Place::new(usual(), false).await;
    place.write("2_b.up.sql", "create table b (id int)");
    place.write("2_b.down.sql", "drop table b");
    place.up().await;
    place.remove("2_b.up.sql");
    place.remove("2_b.down.sql");
    let plan = place.plan("2", RepairVerb::RestoreFile).await.unwrap();
    let context = place.context();
    place.write("2_b.down.sql", "-- mine");
    let error = apply_repair(&place.database, &context, &plan, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(!place.path().join("2_b.up.sql").exists(), "all of them or none");
    assert_eq!(std::fs::read_to_string(place.path().join("2_b.down.sql")).unwrap(), "-- mine");
}

#[tokio::test]
async fn a_struck_version_can_be_applied_again() {
    everywhere(|place| async move {
        place.up().await;
        place.test.run("drop table a").await;
        assert_eq!(place.state("1").await, MigrationState::Conflict);
        place.repair("1", RepairVerb::Strike).await;
        assert_eq!((place.state("1").await, place.versions().await.as_str()), (MigrationState::Down, ""));
        assert_eq!(place.logged().await, said(LogOutcome::Struck));
        place.up().await;
        assert_eq!(place.state("1").await, MigrationState::Up);
    })
    .await;
}

#[tokio::test]
async fn objects_that_are_there_are_recorded_without_being_run() {
    everywhere(|place| async move {
        place.test.run("create table a (id int)").await;
        assert_eq!(place.needed().await, [("1".to_owned(), vec![RepairVerb::Record])]);
        place.repair("1", RepairVerb::Record).await;
        assert_eq!(
            (place.state("1").await, place.versions().await.as_str()),
            (MigrationState::Baselined, "1")
        );
        place.run(MigrationRequest::Down { version: Version::new("1") }).await.unwrap();
        place.up().await;
        assert_eq!(place.state("1").await, MigrationState::Up);
    })
    .await;
}

#[tokio::test]
async fn a_number_that_is_rails_own_is_released_and_ours_lives_beside_it() {
    for major in versions() {
        let place = Place::new(major, true).await;
        place.test.run(RAILS).await;
        assert_eq!(place.state("1").await, MigrationState::Conflict);
        let plan = place.repair("1", RepairVerb::Release).await;
        assert!(plan.prepare.iter().any(|sql| sql == "create schema evaldesk"), "{plan:?}");
        assert!(plan.notices.iter().any(|notice| notice.contains("production")));
        assert_eq!(place.state("1").await, MigrationState::Down);
        place.up().await;
        assert_eq!((place.state("1").await, place.versions().await.as_str()), (MigrationState::Up, "1"));
        place.run(MigrationRequest::Down { version: Version::new("1") }).await.unwrap();
        assert_eq!((place.state("1").await, place.versions().await.as_str()), (MigrationState::Down, "1"));
    }
}

#[tokio::test]
async fn a_released_version_whose_objects_are_there_is_a_baseline() {
    let place = Place::new(usual(), true).await;
    place.test.run(RAILS).await;
    place.test.run("create table a (id int)").await;
    let row = place.row("1").await;
    assert_eq!((row.state, row.repairs), (MigrationState::Up, vec![RepairVerb::Release]));
    assert!(place.needed().await.is_empty(), "nobody has to decide that");
    place.repair("1", RepairVerb::Release).await;
    let row = place.row("1").await;
    assert_eq!(row.state, MigrationState::Baselined);
    assert!(row.notes.iter().any(|note| note.contains("another migration's")), "{:?}", row.notes);
}

#[tokio::test]
async fn a_release_without_consent_is_refused() {
    let place = Place::new(usual(), false).await;
    place.test.run(RAILS).await;
    let error = place.plan("1", RepairVerb::Release).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.hint_text().unwrap().contains("--log-schema"), "{error:?}");
}

#[tokio::test]
async fn rails_rows_are_rails_to_forget() {
    let place = Place::new(usual(), true).await;
    place.test.run(RAILS).await;
    place.test.run("insert into schema_migrations values ('5')").await;
    let error = place.plan("5", RepairVerb::Forget).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.message().contains("which Rails keeps"), "{error}");
}

#[tokio::test]
async fn a_half_is_mended_by_a_migration() {
    let place = Place::new(usual(), false).await;
    place.write("2_b.up.sql", "-- evaldesk: no-transaction\ncreate table b (id int);\nselect 1 / 0");
    place.run(MigrationRequest::Up).await.unwrap_err();
    let plan = place.plan("2", RepairVerb::Resume).await.unwrap();
    assert_eq!(plan.request, Some(MigrationRequest::Resume { version: Version::new("2") }));
    let error = apply_repair(&place.database, &place.context(), &plan, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArguments);
}

#[tokio::test]
async fn a_verb_that_does_not_fit_says_what_it_mends() {
    let place = Place::new(usual(), false).await;
    place.up().await;
    for verb in [RepairVerb::Strike, RepairVerb::Forget, RepairVerb::AcceptChange, RepairVerb::Undo] {
        let error = place.plan("1", verb).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Precondition, "{verb}");
        assert!(error.message().starts_with(&format!("{verb} mends ")), "{error}");
    }
}

#[tokio::test]
async fn a_repair_goes_stale_and_waits_for_who_migrates() {
    let place = Place::new(usual(), false).await;
    place.up().await;
    place.test.run("drop table a").await;
    let plan = place.plan("1", RepairVerb::Strike).await.unwrap();
    let mut changed = plan.clone();
    changed.statements = vec!["drop table b".to_owned()];
    changed.hash = "0".repeat(64);
    let error = apply_repair(&place.database, &place.context(), &changed, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StalePlan);
    place.test.run("create table a (id int)").await;
    let error = apply_repair(&place.database, &place.context(), &plan, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Precondition, "it is no conflict any more");
    assert_eq!(place.versions().await, "1");
}

#[tokio::test]
async fn a_decision_with_nowhere_to_write_it_is_refused() {
    let place = Place::new(usual(), false).await;
    place.up().await;
    place.write("0_z.up.sql", "create table z (id int)");
    let context = MigrationContext { log_folder: None, ..place.context() };
    let error = plan_repair(&place.database, &context, &Version::new("0"), RepairVerb::AcceptOrder).await;
    let error = error.unwrap_err();
    assert!(error.kind() == ErrorKind::Refused && error.message().contains("no log"), "{error}");
}
