//! The log of a run: how far it came, what it locked, what the schema was before and after.

use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::log::{Log, LogEntry, LogFilter, LogOutcome, LogPlace};
use evaldesk_core::migrate::{MigrationContext, MigrationRequest, MigrationSet, apply_migrate, plan_migrate};
use evaldesk_core::{Error, Result};
use support::{TestDatabase, empty_database, usual};

/// A log in each of its two places.
struct Place {
    folder: tempfile::TempDir,
    own_schema: bool,
}

impl Place {
    fn both() -> [Self; 2] {
        [true, false].map(|own_schema| Self { folder: tempfile::tempdir().unwrap(), own_schema })
    }

    fn kind(&self) -> LogPlace {
        if self.own_schema { LogPlace::Database } else { LogPlace::File }
    }

    fn context(&self, files: &[(&str, &str)]) -> MigrationContext {
        let files = files.iter().map(|(name, sql)| (*name, sql.as_bytes()));
        let mut context = MigrationContext::new(MigrationSet::from_files("test", files).unwrap());
        context.own_schema = self.own_schema;
        context.log_folder = Some(self.folder.path().to_owned());
        context
    }

    async fn up(&self, test: &TestDatabase, files: &[(&str, &str)]) -> Result<()> {
        self.run(test, files, MigrationRequest::Up).await
    }

    async fn run(
        &self,
        test: &TestDatabase,
        files: &[(&str, &str)],
        request: MigrationRequest,
    ) -> Result<()> {
        let (database, context) = (test.open().await, self.context(files));
        let plan = plan_migrate(&database, &context, request).await?;
        apply_migrate(&database, &context, &plan, &JobContext::detached()).await.map(drop)
    }

    /// Newest first.
    async fn entries(&self, test: &TestDatabase) -> Vec<LogEntry> {
        let mut session = test.session().await;
        let log = Log::open(&mut session, &self.context(&[("1_a.up.sql", "select 1")])).await.unwrap();
        assert_eq!(log.place(), self.kind());
        log.entries(&mut session, &LogFilter::default()).await.unwrap()
    }
}

fn message(error: &Error) -> String {
    error.message().to_owned()
}

#[tokio::test]
async fn a_version_in_one_transaction_leaves_its_locks_and_the_schema_before_and_after() {
    for place in Place::both() {
        let test = empty_database(usual()).await;
        test.run("create table t (id int)").await;
        let files = [
            (
                "1_a.up.sql",
                "alter table t add column b int; create index i on t (b); select 'row' as evaldesk_b",
            ),
            ("2_b.up.sql", "create table u (id int)"),
        ];
        place.up(&test, &files).await.unwrap();
        let entries = place.entries(&test).await;
        let [second, first] = entries.as_slice() else { panic!("{entries:#?}") };
        assert_eq!((first.outcome, first.statements_done, first.statement_open), (LogOutcome::Done, 3, None));
        let trace = first.lock_trace.as_ref().unwrap().as_array().unwrap();
        let alter = serde_json::json!({"statement": 1, "relation": "t", "mode": "access_exclusive"});
        let index = serde_json::json!({"statement": 2, "relation": "t", "mode": "share"});
        assert!(trace.contains(&alter) && trace.contains(&index), "{trace:#?}");
        let (before, after) = (first.fingerprint_before.as_ref(), first.fingerprint_after.as_ref());
        assert!(before.is_some() && after.is_some() && before != after);
        assert_eq!(second.fingerprint_before.as_ref(), after);
        assert_ne!(second.fingerprint_after.as_ref(), after);
        assert!(first.finished_at.is_some());
    }
}

#[tokio::test]
async fn a_long_run_keeps_the_schema_as_it_was_before_the_first_and_after_the_last() {
    let [place, _] = Place::both();
    let test = empty_database(usual()).await;
    let names: Vec<_> = (1..=25).map(|number| format!("{number}_a.up.sql")).collect();
    let files: Vec<_> =
        names.iter().map(|name| (name.as_str(), "create temp table t (id int); drop table t")).collect();
    place.up(&test, &files).await.unwrap();
    let entries = place.entries(&test).await;
    let kept = |entry: &LogEntry| (entry.fingerprint_before.is_some(), entry.fingerprint_after.is_some());
    assert_eq!(entries.len(), 25);
    assert_eq!(
        (kept(&entries[24]), kept(&entries[12]), kept(&entries[0])),
        ((true, false), (false, false), (false, true))
    );
}

#[tokio::test]
async fn a_version_that_is_taken_back_as_a_whole_is_logged_with_its_error() {
    for place in Place::both() {
        let test = empty_database(usual()).await;
        let error =
            place.up(&test, &[("1_a.up.sql", "create table a (id int); select 1 / 0")]).await.unwrap_err();
        let entries = place.entries(&test).await;
        assert_eq!(entries.len(), 1, "{entries:#?}");
        assert_eq!((entries[0].outcome, entries[0].statements_done), (LogOutcome::Failed, 0));
        assert_eq!(entries[0].error, Some(message(&error)));
        assert!(!entries[0].is_partial());
        assert_eq!(entries[0].fingerprint_before, entries[0].fingerprint_after);
    }
}

#[tokio::test]
async fn a_file_without_a_transaction_that_breaks_off_tells_how_far_it_came() {
    for place in Place::both() {
        let test = empty_database(usual()).await;
        let sql = "-- evaldesk: no-transaction\ncreate table a (id int);\ninsert into a values (1), (1);\nselect 1 / 0;\nselect 4";
        let error = place.up(&test, &[("1_a.up.sql", sql)]).await.unwrap_err();
        assert!(error.message().starts_with("1 a: statement 3 of 4: "), "{error}");
        assert!(error.hint_text().unwrap().contains("first 2 statements stay"), "{:?}", error.hint_text());
        let entry = &place.entries(&test).await[0];
        assert_eq!((entry.statements_done, entry.statements_total, entry.statement_open), (2, 4, None));
        assert!(entry.is_partial() && entry.outcome == LogOutcome::Failed);
        assert_ne!(entry.fingerprint_before, entry.fingerprint_after);
    }
}

#[tokio::test]
async fn a_statement_that_cannot_run_in_a_transaction_is_written_down_before_it_is_sent() {
    for place in Place::both() {
        let test = empty_database(usual()).await;
        test.run("create table a (id int); insert into a values (1), (1)").await;
        let sql = "-- evaldesk: no-transaction\nselect 1;\ncreate unique index concurrently i on a (id)";
        place.up(&test, &[("1_a.up.sql", sql)]).await.unwrap_err();
        let entry = &place.entries(&test).await[0];
        assert_eq!((entry.statements_done, entry.statement_open), (1, Some(1)), "{entry:#?}");
        assert!(entry.is_partial());
    }
}

#[tokio::test]
async fn a_role_that_may_not_make_the_schema_evaldesk_is_told_so_and_nothing_is_changed() {
    let [place, _] = Place::both();
    let test = empty_database(usual()).await;
    test.run(
        "create role no_schemas_here login password 'p'; grant create on schema public to no_schemas_here",
    )
    .await;
    let as_role =
        evaldesk_core::connection::Database::from_url(&test.url_as("no_schemas_here", "p")).await.unwrap();
    let context = place.context(&[("1_a.up.sql", "create table a (id int)")]);
    let error = plan_migrate(&as_role, &context, MigrationRequest::Up).await.unwrap_err();
    assert_eq!(error.kind(), evaldesk_core::ErrorKind::PermissionDenied);
    assert!(error.message().starts_with("no_schemas_here may not make the schema evaldesk"), "{error}");
    assert!(error.hint_text().unwrap().contains("grant create on database"), "{:?}", error.hint_text());
    assert_eq!(test.value("select to_regclass('schema_migrations') is null").await.as_deref(), Some("true"));
}
