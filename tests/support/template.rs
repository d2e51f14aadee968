//! The database that every fresh one is copied from: made once a server, by our own migrations.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

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

/// Applies every pending version in order.
async fn migrate(url: &str) {
    let folder = crate::programs::root().join("migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".up.sql"));
    files.sort();
    let mut session = PgConnection::connect(url).await.unwrap();
    for file in files {
        let sql = std::fs::read_to_string(&file).unwrap();
        if !sql.contains("-- evaldesk: opt-in") {
            let applied = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut session).await;
            applied.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        }
    }
    session.close().await.unwrap();
}
