//! The database that every fresh one is copied from: made once a server, by our own migrations.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use evaldesk_core::connection::Database;
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{MigrationContext, MigrationRequest, apply_migrate, plan_migrate};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::cluster::Cluster;

const NAME: &str = "evaldesk_template";

/// The name of the migrated template on this server.
pub(crate) fn migrated(cluster: &Arc<Cluster>) -> String {
    static MADE: OnceLock<Mutex<HashMap<u16, Arc<OnceLock<()>>>>> = OnceLock::new();
    let slot = {
        let mut made =
            MADE.get_or_init(Mutex::default).lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        Arc::clone(made.entry(cluster.port()).or_default())
    };
    slot.get_or_init(|| make(cluster));
    NAME.to_owned()
}

/// In a thread and runtime of its own: the caller's may be single-threaded and is asleep here.
fn make(cluster: &Arc<Cluster>) {
    let cluster = Arc::clone(cluster);
    let made = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut session = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
            let create = format!("create database {NAME} template template0 encoding 'UTF8'");
            sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut session).await.unwrap();
            migrate(&cluster.url(NAME)).await;
        });
    });
    made.join().unwrap_or_else(|_| panic!("cannot migrate the template; see the panic above"));
}

/// Everything that is pending, by the product's own plan and apply.
async fn migrate(url: &str) {
    let database = Database::from_url(url).await.unwrap();
    let context = MigrationContext::embedded().unwrap();
    let plan = plan_migrate(&database, &context, MigrationRequest::Up).await.unwrap();
    apply_migrate(&database, &context, &plan, &JobContext::detached()).await.unwrap();
    // A template that somebody is connected to cannot be copied.
    database.close().await;
}
