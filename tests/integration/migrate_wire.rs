//! A plan travels to a window or another program and comes back: what was changed on the way spares nobody a question,
//! and no SQL of the wire is ever run.

use std::sync::Arc;
use std::time::Duration;

use evaldesk_api::{ErrorReport, Session, dispatch};
use evaldesk_core::ErrorKind;
use evaldesk_core::connection::{MemoryProfiles, MemorySecrets, SecretPolicy, parse_url};
use evaldesk_core::job::{JobRecord, JobState};
use serde_json::{Value, json};
use support::{TestDatabase, empty_database, usual};

/// A session on a database with one version that makes a table, and the way back that drops it.
struct Wire {
    test: TestDatabase,
    session: Session,
    connection: String,
    home: tempfile::TempDir,
}

impl Wire {
    async fn new() -> Self {
        let (test, home) = (empty_database(usual()).await, tempfile::tempdir().unwrap());
        for (file, text) in [("up", "create table kept (id int)"), ("down", "drop table kept")] {
            std::fs::write(home.path().join(format!("1_keep.{file}.sql")), text).unwrap();
        }
        let session = Session::builder(home.path().join("data"))
            .secrets(Arc::new(MemorySecrets::default()))
            .profiles(Arc::new(MemoryProfiles::default()))
            .build();
        let mut parsed = parse_url(&test.url).unwrap();
        parsed.profile.secret_policy = SecretPolicy::None;
        parsed.profile.migrations.folder = Some(home.path().display().to_string());
        // Beside Rails, whose table says production in one of the tests, our versions need a place of their own.
        parsed.profile.migrations.own_schema = true;
        let connection = session.pass(parsed.profile, parsed.password);
        Self { test, session, connection, home }
    }

    /// With the version up and rows in its table.
    async fn filled() -> Self {
        let wire = Self::new().await;
        let plan = wire.plan(json!({ "kind": "up" })).await;
        assert_eq!(wire.apply(plan, None).await.unwrap().state, JobState::Done);
        wire.test.run("insert into kept select generate_series(1, 10)").await;
        wire
    }

    /// With Rails' tables, which name an environment.
    async fn beside_rails(environment: &str) -> Self {
        let wire = Self::new().await;
        let tables = format!(
            "create table schema_migrations (version varchar not null primary key);
             create table ar_internal_metadata (key varchar primary key, value varchar);
             insert into ar_internal_metadata values ('environment', '{environment}')"
        );
        wire.test.run(&tables).await;
        wire
    }

    async fn plan(&self, request: Value) -> Value {
        let arguments = json!({ "connection": self.connection, "request": request });
        let reply = dispatch(&self.session, "migrate_plan", arguments).await.unwrap();
        serde_json::from_str(&reply).unwrap()
    }

    async fn way_back(&self) -> Value {
        let plan = self.plan(json!({ "kind": "down", "version": "1" })).await;
        assert_eq!(plan["doomed"][0]["rows"], 10, "{plan}");
        plan
    }

    /// How the job ended, if it was begun at all.
    async fn apply(&self, plan: Value, confirm: Option<&str>) -> Result<JobRecord, ErrorReport> {
        let arguments = json!({ "connection": self.connection, "plan": plan, "confirm": confirm });
        let reply: Value =
            serde_json::from_str(&dispatch(&self.session, "migrate_apply", arguments).await?).unwrap();
        let id = reply["job"].as_str().unwrap();
        loop {
            let job = self.session.jobs().get(id).unwrap();
            if job.state.is_final() {
                return Ok(job);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Refused for want of the name, with every row where it was.
    async fn asks_for_the_name(&self, plan: Value) {
        let error = self.apply(plan, None).await.unwrap_err();
        assert_eq!(error.code, ErrorKind::Refused, "{error}");
        let asked = format!("--confirm {}", self.test.name);
        assert!(error.hint.as_deref().is_some_and(|hint| hint.contains(&asked)), "{error:?}");
        assert_eq!(self.test.count("kept").await, 10);
    }

    async fn is_there(&self, relation: &str) -> bool {
        let sql = format!("select to_regclass('{relation}') is not null");
        self.test.value(&sql).await.as_deref() == Some("true")
    }
}

#[tokio::test]
async fn a_plan_that_hides_what_dies_still_asks_for_the_name() {
    let wire = Wire::filled().await;
    let whole = wire.way_back().await;
    let mut plan = whole.clone();
    plan["doomed"] = json!([]);
    plan["environment"] = Value::Null;
    wire.asks_for_the_name(plan.clone()).await;
    // Even with the name: what was shown is not what would die.
    let job = wire.apply(plan, Some(&wire.test.name)).await;
    assert_eq!(kind(&job), Some(ErrorKind::StalePlan), "{job:?}");
    assert_eq!(wire.test.count("kept").await, 10);
    wire.asks_for_the_name(whole.clone()).await;
    let job = wire.apply(whole, Some(&wire.test.name)).await.unwrap();
    assert_eq!((job.state, job.failure), (JobState::Done, None));
    assert!(!wire.is_there("kept").await);
}

#[tokio::test]
async fn a_plan_that_hides_production_still_asks_for_the_name() {
    let wire = Wire::beside_rails("production").await;
    let mut plan = wire.plan(json!({ "kind": "up" })).await;
    assert_eq!(plan["environment"], "production");
    plan["environment"] = Value::Null;
    let error = wire.apply(plan, None).await.unwrap_err();
    assert_eq!(error.code, ErrorKind::Refused, "{error}");
    assert!(error.message.contains("ar_internal_metadata"), "{error}");
    assert!(!wire.is_there("kept").await);
}

#[tokio::test]
async fn a_database_that_became_production_since_its_plan_is_not_changed_without_its_name() {
    let wire = Wire::beside_rails("development").await;
    let plan = wire.plan(json!({ "kind": "up" })).await;
    wire.test.run("update ar_internal_metadata set value = 'production'").await;
    let outcome = wire.apply(plan, None).await;
    assert!(matches!(kind(&outcome), Some(ErrorKind::Refused | ErrorKind::StalePlan)), "{outcome:?}");
    assert!(!wire.is_there("kept").await);
}

#[tokio::test]
async fn what_came_to_die_since_a_plan_was_shown_is_not_dropped_with_the_rest() {
    let wire = Wire::filled().await;
    std::fs::write(wire.home.path().join("1_keep.down.sql"), "drop table kept cascade").unwrap();
    let plan = wire.plan(json!({ "kind": "down", "version": "1" })).await;
    wire.test.run("create view of_kept as select id from kept").await;
    let job = wire.apply(plan, Some(&wire.test.name)).await;
    assert_eq!(kind(&job), Some(ErrorKind::StalePlan), "{job:?}");
    assert!(wire.is_there("of_kept").await);
}

#[tokio::test]
async fn a_harmless_plan_with_another_request_in_it_asks_as_the_request_does() {
    let wire = Wire::filled().await;
    let mut plan = wire.plan(json!({ "kind": "up" })).await;
    plan["request"] = json!({ "kind": "down", "version": "1" });
    wire.asks_for_the_name(plan.clone()).await;
    // Even with the name: what was shown is not what would run.
    let job = wire.apply(plan, Some(&wire.test.name)).await;
    assert_eq!(kind(&job), Some(ErrorKind::StalePlan), "{job:?}");
    assert_eq!(wire.test.count("kept").await, 10);
}

#[tokio::test]
async fn a_statement_slipped_in_is_not_run_and_a_hash_of_ones_own_is_stale() {
    let wire = Wire::filled().await;
    let mut plan = wire.way_back().await;
    plan["steps"][0]["statements"][0]["sql"] = json!("create table slipped_in (id int)");
    plan["doomed"] = json!([]);
    wire.asks_for_the_name(plan.clone()).await;
    plan["hash"] = json!("0".repeat(96));
    wire.asks_for_the_name(plan.clone()).await;
    let job = wire.apply(plan, Some(&wire.test.name)).await;
    assert_eq!(kind(&job), Some(ErrorKind::StalePlan), "{job:?}");
    assert_eq!(wire.test.count("kept").await, 10);
    assert!(!wire.is_there("slipped_in").await);
}

/// What it came to, whether it was refused at once or by its job.
fn kind(outcome: &Result<JobRecord, ErrorReport>) -> Option<ErrorKind> {
    match outcome {
        Ok(job) => job.failure.as_ref().map(|failure| failure.kind),
        Err(error) => Some(error.code),
    }
}
