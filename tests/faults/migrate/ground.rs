//! A server of the campaign's own, with a database for each case.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use support::Cluster;

use evaldesk_core::connection::Database;
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{MigrationRequest, apply_migrate, plan_migrate};

use super::mixed::{self, Mode, Place};

/// The server and its two templates.
pub(crate) struct Ground {
    pub(crate) cluster: Arc<Cluster>,
    pub(crate) logs: tempfile::TempDir,
}

impl Ground {
    /// A server that keeps what it has committed when it is killed, though not when the machine loses its power.
    pub(crate) async fn on(major: u32) -> Self {
        let ground = Self { cluster: Arc::new(Cluster::private(major)), logs: tempfile::tempdir().unwrap() };
        ground.admin("alter system set synchronous_commit = on").await;
        ground.admin("select pg_reload_conf()").await;
        for place in [Place::Database, Place::File] {
            ground.make_template(place).await;
        }
        ground
    }

    /// A fresh database with the first version up.
    pub(crate) async fn fresh(&self, name: &str, place: Place) -> String {
        self.admin(&format!("create database {name} template {}", template(place))).await;
        self.cluster.url(name)
    }

    /// Takes a database away.
    pub(crate) async fn drop(&self, name: &str) {
        self.admin(&format!("drop database {name}")).await;
    }

    /// Waits until the server lets somebody in.
    pub(crate) async fn answers(&self) {
        let until = Instant::now() + Duration::from_secs(60);
        while PgConnection::connect(&self.cluster.url("postgres")).await.is_err() {
            assert!(Instant::now() < until, "the server does not come back:\n{}", self.cluster.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) async fn admin(&self, sql: &str) {
        run(&self.cluster.url("postgres"), sql).await;
    }

    async fn make_template(&self, place: Place) {
        let name = template(place);
        self.admin(&format!("create database {name} template template0")).await;
        let url = self.cluster.url(name);
        run(&url, mixed::BASE).await;
        let context = mixed::context(Mode::OneTransaction, place, self.logs.path());
        let database = Database::from_url(&url).await.unwrap();
        let first = MigrationRequest::UpTo { version: "1".into() };
        let plan = plan_migrate(&database, &context, first).await.unwrap();
        apply_migrate(&database, &context, &plan, &JobContext::detached()).await.unwrap();
        database.close().await;
        gone(&url).await;
    }
}

fn template(place: Place) -> &'static str {
    if place == Place::Database { "campaign_with_schema" } else { "campaign_without" }
}

/// Runs statements on a session of its own.
pub(crate) async fn run(url: &str, sql: &str) {
    let mut session = PgConnection::connect(url).await.unwrap();
    let ran = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut session).await;
    ran.unwrap_or_else(|error| panic!("{sql}: {error}"));
    session.close().await.unwrap();
}

/// A query's answer, yes or no; what cannot be asked is no.
pub(crate) async fn is_so(session: &mut PgConnection, sql: &str) -> bool {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(session).await.unwrap_or(false)
}

/// Waits until nobody else is in a database.
pub(crate) async fn gone(url: &str) {
    let mut session = PgConnection::connect(url).await.unwrap();
    let others = "select count(*) = 0 from pg_stat_activity where datname = current_database()
        and pid <> pg_backend_pid() and backend_type = 'client backend'";
    let until = Instant::now() + Duration::from_secs(20);
    while !is_so(&mut session, others).await {
        assert!(Instant::now() < until, "somebody stays in the database");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    session.close().await.unwrap();
}
