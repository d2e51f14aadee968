//! A fresh database a test: a copy of the template that our own migrations made, in some tens of milliseconds.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use evaldesk_core::connection::Database;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::cluster::Cluster;
use crate::{template, versions};

/// A database that no other test touches. It goes with its server.
#[derive(Debug, Clone)]
pub struct TestDatabase {
    /// The address, as the superuser.
    pub url: String,
    /// Its name on the server.
    pub name: String,
    /// The major version of its server.
    pub major: u32,
    cluster: Arc<Cluster>,
}

/// A fresh database with the schema of RAAF Eval, on a server of this version.
pub async fn fresh_database(major: u32) -> TestDatabase {
    let cluster = Cluster::shared(major);
    let template = template::migrated(&cluster);
    make(cluster, &template).await
}

/// A fresh database with the schema, on whichever version is usual.
pub async fn any_database() -> TestDatabase {
    fresh_database(versions::usual()).await
}

/// A fresh database with nothing in it.
pub async fn empty_database(major: u32) -> TestDatabase {
    make(Cluster::shared(major), "template0").await
}

/// A fresh database with nothing in it, on a server that has HypoPG; only Debian's 15 does.
pub async fn hypopg_database() -> TestDatabase {
    make(Arc::new(Cluster::with_hypopg()), "template0").await
}

/// Runs a test on every version of the run, each on a fresh database; a failure says on which.
pub async fn for_each_version<Test, Running>(test: Test)
where
    Test: Fn(TestDatabase) -> Running,
    Running: Future<Output = ()>,
{
    for major in versions::versions() {
        let told = SayOnPanic(major);
        // On the heap: what a whole test holds across its waits is more than a stack should carry.
        Box::pin(test(fresh_database(major).await)).await;
        drop(told);
    }
}

impl TestDatabase {
    /// Opens it the way the product does.
    pub async fn open(&self) -> Database {
        Database::from_url(&self.url).await.unwrap()
    }

    /// A plain session, for preparing and looking.
    pub async fn session(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }

    /// Runs statements, for preparing a state.
    pub async fn run(&self, sql: &str) {
        let mut session = self.session().await;
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut session).await;
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The one value that a query gives, as text.
    pub async fn value(&self, sql: &str) -> Option<String> {
        let mut session = self.session().await;
        let wrapped = format!("select (select q.value::text from ({sql}) as q (value))");
        let read = sqlx::query_scalar(AssertSqlSafe(wrapped)).fetch_one(&mut session).await;
        read.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> i64 {
        self.value(&format!("select count(*) from {table}")).await.unwrap().parse().unwrap()
    }

    /// The server it lives on.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// The address with another role and its password.
    pub fn url_as(&self, role: &str, password: &str) -> String {
        format!("postgres://{role}:{password}@127.0.0.1:{}/{}", self.cluster.port(), self.name)
    }
}

async fn make(cluster: Arc<Cluster>, template: &str) -> TestDatabase {
    let name = name_of_this_test();
    let mut session = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
    let create = format!("create database \"{name}\" template \"{template}\" encoding 'UTF8'");
    sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut session).await.unwrap();
    TestDatabase { url: cluster.url(&name), name, major: cluster.major(), cluster }
}

/// The test's own name makes a server's log readable; the number makes it unique.
fn name_of_this_test() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("test").rsplit("::").next().unwrap_or("test").to_owned();
    let short: String =
        test.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').take(48).collect();
    format!("{short}_{number}")
}

struct SayOnPanic(u32);

impl Drop for SayOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this was on PostgreSQL {}", self.0);
        }
    }
}
