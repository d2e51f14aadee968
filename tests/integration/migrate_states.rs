//! The states of a version, each from a situation that was really made, with the log in the database and in a file.

use std::future::Future;

use evaldesk_core::connection::Database;
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::log::{Log, NewEntry};
use evaldesk_core::migrate::{
    Actor, Direction, MigrationContext, MigrationRequest, MigrationSet, MigrationState, MigrationStatusRow,
    RepairVerb, Version, apply_migrate, migration_status, plan_migrate,
};
use evaldesk_core::{Error, ErrorKind};
use support::{TestDatabase, empty_database, usual, versions};
use tempfile::TempDir;

type Files<'a> = &'a [(&'a str, &'a str)];

const A: (&str, &str) = ("1_a.up.sql", "create table a (id int)");
const A_DOWN: (&str, &str) = ("1_a.down.sql", "drop table a");
const B: (&str, &str) = ("2_b.up.sql", "create table b (id int)");
const B_DOWN: (&str, &str) = ("2_b.down.sql", "drop table b");
const C: (&str, &str) = ("3_c.up.sql", "create table c (id int)");
const C_DOWN: (&str, &str) = ("3_c.down.sql", "drop table c");
/// Its third statement cannot work.
const HALF: (&str, &str) = (
    "4_half.up.sql",
    "-- evaldesk: no-transaction\ncreate table half (id int);\ncreate index concurrently half_id on half (id);\ninsert into half values (1 / 0);\ninsert into half values (2)",
);
const HALF_DOWN: (&str, &str) = (
    "4_half.down.sql",
    "-- evaldesk: no-transaction\nalter table half drop column extra;\ndrop index concurrently half_id;\ndrop table half",
);

/// A database, and where its log is kept.
struct Place {
    test: TestDatabase,
    database: Database,
    folder: TempDir,
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
        let database = test.open().await;
        Self { database, test, folder: tempfile::tempdir().unwrap(), consent }
    }

    fn context(&self, files: Files<'_>) -> MigrationContext {
        let files = files.iter().map(|(name, sql)| (*name, sql.as_bytes()));
        MigrationContext {
            own_schema: self.consent,
            log_folder: Some(self.folder.path().to_owned()),
            actor: Actor { name: "maria (app)".into(), host: Some("laptop".into()), app_version: "1".into() },
            ..MigrationContext::new(MigrationSet::from_files("test", files).unwrap())
        }
    }

    async fn run(&self, files: Files<'_>, request: MigrationRequest) -> Result<(), Error> {
        let context = self.context(files);
        let plan = plan_migrate(&self.database, &context, request).await?;
        apply_migrate(&self.database, &context, &plan, &JobContext::detached()).await.map(drop)
    }

    async fn up(&self, files: Files<'_>) {
        self.run(files, MigrationRequest::Up).await.unwrap();
    }

    async fn refused(&self, files: Files<'_>, request: MigrationRequest) -> Error {
        plan_migrate(&self.database, &self.context(files), request).await.unwrap_err()
    }

    async fn row(&self, files: Files<'_>, version: &str) -> MigrationStatusRow {
        let status = migration_status(&self.database, &self.context(files)).await.unwrap();
        let found = status.migrations.into_iter().find(|row| row.version == Version::new(version));
        found.unwrap_or_else(|| panic!("no row for {version}"))
    }

    async fn versions(&self) -> String {
        let sql = "select coalesce(string_agg(version, ',' order by version), '') from schema_migrations";
        self.test.value(sql).await.unwrap()
    }
}

fn version(text: &str) -> Version {
    Version::new(text)
}

#[tokio::test]
async fn a_version_that_is_up_tells_when_by_whom_and_from_which_file() {
    everywhere(|place| async move {
        place.up(&[A, A_DOWN]).await;
        let row = place.row(&[A, A_DOWN], "1").await;
        assert_eq!((row.state, row.notes.len()), (MigrationState::Up, 0), "{:?}", row.notes);
        assert_eq!(row.applied_by.as_deref(), Some("maria (app) on laptop"));
        assert_eq!(row.applied_sha384, row.sha384);
        assert!(row.applied_at.is_some() && row.elapsed_ms.is_some() && row.entry.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_file_that_was_changed_after_it_was_applied_is_changed() {
    everywhere(|place| async move {
        place.up(&[A, A_DOWN]).await;
        let changed = ("1_a.up.sql", "create table a (id bigint)");
        let row = place.row(&[changed, A_DOWN], "1").await;
        assert_eq!((row.state, row.repairs), (MigrationState::Changed, vec![RepairVerb::AcceptChange]));
        assert!(row.notes[0].contains("maria (app) on laptop applied"), "{:?}", row.notes);
        assert_ne!(row.applied_sha384, row.sha384);
        place.run(&[changed, A_DOWN, B], MigrationRequest::Up).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_change_of_line_ends_is_told_apart() {
    let place = Place::new(usual(), true).await;
    place.up(&[("1_a.up.sql", "create table a (\nid int\n)")]).await;
    let row = place.row(&[("1_a.up.sql", "create table a (\r\nid int\r\n)")], "1").await;
    assert_eq!(row.state, MigrationState::Changed);
    assert!(row.notes[0].ends_with("in line ends or a byte order mark alone"), "{:?}", row.notes);
}

#[tokio::test]
async fn a_row_whose_file_is_gone_has_no_file_and_the_log_still_has_it() {
    everywhere(|place| async move {
        place.up(&[A, A_DOWN, B, B_DOWN]).await;
        let row = place.row(&[A, A_DOWN], "2").await;
        assert_eq!((row.state, row.name.as_deref()), (MigrationState::NoFile, Some("b")));
        assert_eq!(row.repairs, [RepairVerb::RestoreFile, RepairVerb::Forget]);
        let error = place.refused(&[A, A_DOWN], MigrationRequest::Rollback { step: 1 }).await;
        assert!(error.message().starts_with("2 is applied, but there is no file"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn objects_that_were_dropped_by_hand_are_a_conflict_that_up_and_down_refuse() {
    let verify = ("1_a.verify.sql", "select 'a is missing' where to_regclass('a') is null");
    everywhere(|place| async move {
        let files: Files<'_> = &[A, A_DOWN, verify];
        place.up(files).await;
        place.test.run("drop table a").await;
        let row = place.row(files, "1").await;
        assert_eq!(row.state, MigrationState::Conflict);
        assert_eq!(row.repairs, [RepairVerb::Strike, RepairVerb::Release]);
        for request in [MigrationRequest::Up, MigrationRequest::Down { version: version("1") }] {
            let error = place.refused(&[A, A_DOWN, verify, B], request).await;
            assert_eq!(error.kind(), ErrorKind::Refused);
            assert!(error.hint_text().unwrap().contains("repair 1 strike"), "{error:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_older_version_that_came_later_is_out_of_order_and_waits_to_be_named() {
    everywhere(|place| async move {
        place.up(&[A, C]).await;
        let all: Files<'_> = &[A, B, B_DOWN, C];
        let row = place.row(all, "2").await;
        assert_eq!((row.state, row.repairs), (MigrationState::OutOfOrder, vec![RepairVerb::AcceptOrder]));
        assert_eq!(row.notes, ["it is older than 3, which is applied already"]);
        let error = place.refused(all, MigrationRequest::Up).await;
        assert_eq!(error.kind(), ErrorKind::Refused);
        let hint = error.hint_text().unwrap();
        assert!(hint.contains("migrate up 2") && hint.contains("accept-order"), "{hint}");
        place.run(all, MigrationRequest::UpOnly { version: version("2") }).await.unwrap();
        assert_eq!(place.row(all, "2").await.state, MigrationState::Up);
    })
    .await;
}

#[tokio::test]
async fn a_version_that_was_up_before_is_no_newcomer() {
    let place = Place::new(usual(), true).await;
    let all: Files<'_> = &[A, A_DOWN, B, B_DOWN, C];
    place.up(all).await;
    place.run(all, MigrationRequest::Down { version: version("2") }).await.unwrap();
    assert_eq!(place.row(all, "2").await.state, MigrationState::Down);
    place.up(all).await;
    assert_eq!(place.versions().await, "1,2,3");
}

#[tokio::test]
async fn a_file_that_broke_off_half_way_is_partial_and_nothing_goes_over_it() {
    everywhere(|place| async move {
        let files: Files<'_> = &[A, HALF, HALF_DOWN];
        let error = place.run(files, MigrationRequest::Up).await.unwrap_err();
        assert!(error.message().contains("division by zero"), "{error}");
        let row = place.row(files, "4").await;
        let partial = row.partial.unwrap();
        assert_eq!(row.state, MigrationState::Partial);
        assert_eq!((partial.direction, partial.done, partial.total), (Direction::Up, 2, 4));
        assert_eq!(row.repairs, [RepairVerb::Resume, RepairVerb::Undo]);
        assert!(row.notes[0].contains("after 2 of 4 statements of its up file: "), "{:?}", row.notes);
        for request in [MigrationRequest::Up, MigrationRequest::UpOnly { version: version("4") }] {
            let error = place.refused(files, request).await;
            assert_eq!(error.kind(), ErrorKind::Refused);
            let hint = error.hint_text().unwrap();
            assert!(hint.contains("repair 4 resume") && hint.contains("repair 4 undo"), "{hint}");
        }
        assert_eq!(place.versions().await, "1");
    })
    .await;
}

#[tokio::test]
async fn a_half_is_resumed_where_it_broke_off_with_the_statement_that_was_mended() {
    everywhere(|place| async move {
        place.run(&[HALF, HALF_DOWN], MigrationRequest::Up).await.unwrap_err();
        let mended = HALF.1.replace("1 / 0", "1");
        let files: Files<'_> = &[("4_half.up.sql", &mended), HALF_DOWN];
        let plan = plan_migrate(
            &place.database,
            &place.context(files),
            MigrationRequest::Resume { version: version("4") },
        )
        .await
        .unwrap();
        assert_eq!(plan.steps[0].statements.len(), 2);
        assert!(plan.notices.iter().any(|notice| notice.contains("has changed since it broke off")));
        place.run(files, MigrationRequest::Resume { version: version("4") }).await.unwrap();
        assert_eq!(place.row(files, "4").await.state, MigrationState::Up);
        assert_eq!((place.test.count("half").await, place.versions().await), (2, "4".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_half_is_undone_and_what_never_was_is_not_taken_back() {
    everywhere(|place| async move {
        let files: Files<'_> = &[HALF, HALF_DOWN];
        place.run(files, MigrationRequest::Up).await.unwrap_err();
        let request = MigrationRequest::Undo { version: version("4") };
        let plan = plan_migrate(&place.database, &place.context(files), request.clone()).await.unwrap();
        let sql: Vec<_> = plan.steps[0].statements.iter().map(|statement| statement.sql.as_str()).collect();
        assert_eq!(sql, ["drop index concurrently half_id", "drop table half"], "no column extra is there");
        place.run(files, request).await.unwrap();
        assert_eq!(place.row(files, "4").await.state, MigrationState::Down);
        assert_eq!(place.test.value("select to_regclass('half') is null").await.as_deref(), Some("true"));
    })
    .await;
}

#[tokio::test]
async fn a_version_without_a_down_file_is_irreversible() {
    let place = Place::new(usual(), false).await;
    place.up(&[A]).await;
    assert_eq!(place.row(&[A], "1").await.state, MigrationState::Irreversible);
    let error = place.refused(&[A], MigrationRequest::Down { version: version("1") }).await;
    assert!(error.message().contains("cannot be taken back"), "{error}");
}

#[tokio::test]
async fn a_run_that_is_under_way_is_told_and_not_mended() {
    let place = Place::new(usual(), true).await;
    place.up(&[A, A_DOWN]).await;
    let context = place.context(&[A, A_DOWN, B, B_DOWN]);
    let mut runner = place.test.session().await;
    let key = 1_163_286_860 * i64::from(crc32(place.test.name.as_bytes()));
    sqlx::query("select pg_advisory_lock($1)").bind(key).execute(&mut runner).await.unwrap();
    let log = Log::open(&mut runner, &context).await.unwrap();
    let entry = NewEntry::of(context.set.require(&version("2")).unwrap(), Direction::Up);
    log.begin(&mut runner, &entry).await.unwrap();
    let row = place.row(&[A, A_DOWN, B, B_DOWN], "2").await;
    assert!(row.running && row.repairs.is_empty());
    assert!(
        row.notes[0].starts_with("it is being applied right now by maria (app) on laptop"),
        "{:?}",
        row.notes
    );
    drop(runner);
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let row = place.row(&[A, A_DOWN, B, B_DOWN], "2").await;
    assert_eq!((row.running, row.state), (false, MigrationState::Down));
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 * (sum & 1)))
    })
}

#[tokio::test]
async fn a_try_that_came_to_nothing_is_told_until_one_comes_to_something() {
    everywhere(|place| async move {
        let broken = ("1_a.up.sql", "create table a (id int); select 1 / 0");
        place.run(&[broken], MigrationRequest::Up).await.unwrap_err();
        let row = place.row(&[broken], "1").await;
        assert_eq!(row.state, MigrationState::Down);
        assert!(row.notes[0].contains("came to nothing: ") && row.notes[0].contains("division by zero"));
        place.up(&[A, A_DOWN]).await;
        assert!(place.row(&[A, A_DOWN], "1").await.notes.is_empty());
    })
    .await;
}

#[tokio::test]
async fn rollback_counts_what_is_applied_and_redo_takes_up_what_it_took_down() {
    let place = Place::new(usual(), false).await;
    let all: Files<'_> = &[A, A_DOWN, B, B_DOWN, C, C_DOWN];
    place.up(&[A, A_DOWN]).await;
    place.run(all, MigrationRequest::UpOnly { version: version("3") }).await.unwrap();
    place.run(all, MigrationRequest::Redo { step: 2 }).await.unwrap();
    assert_eq!(place.versions().await, "1,3", "Rails' redo would have applied 2 as well");
    place.run(all, MigrationRequest::RedoVersion { version: version("1") }).await.unwrap();
    assert_eq!(place.versions().await, "1,3");
    let error = place.refused(all, MigrationRequest::RedoVersion { version: version("2") }).await;
    assert_eq!(error.kind(), ErrorKind::Precondition);
    place.run(all, MigrationRequest::Rollback { step: 2 }).await.unwrap();
    assert_eq!(place.versions().await, "", "Rails would have spent a step on the file of 2");
}

#[tokio::test]
async fn to_goes_either_way() {
    let place = Place::new(usual(), false).await;
    let all: Files<'_> = &[A, A_DOWN, B, B_DOWN, C, C_DOWN];
    for (to, left) in [("2", "1,2"), ("3", "1,2,3"), ("1", "1"), ("0", "")] {
        place.run(all, MigrationRequest::To { version: version(to) }).await.unwrap();
        assert_eq!(place.versions().await, left, "to {to}");
    }
    let error = place.refused(all, MigrationRequest::To { version: version("9") }).await;
    assert_eq!(error.kind(), ErrorKind::NotFound);
}
