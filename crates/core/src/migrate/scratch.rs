//! What the migrations produce, found out by running them where nothing is lost: in a database of their own, else in
//! a schema inside a transaction that is rolled back.
//!
//! `database` alone serves whoever else needs a place to try things: made, dropped whatever happens, and found again
//! after a crash by its name.

mod cache;
mod database;
mod reach;
mod run;
mod schema;

use std::sync::Arc;

use sqlx::PgConnection;

use super::file::Migration;
use crate::catalog::fingerprint::{SchemaSnapshot, SnapshotScope};
use crate::connection::Database;
use crate::{Error, Result};

pub(super) use database::{ScratchDatabase, drop_leftovers};

/// What the migrations came to.
#[derive(Debug, Clone)]
pub(super) enum Produced {
    Schema(Arc<SchemaSnapshot>),
    /// Nothing can tell here, and why.
    Unknown(String),
}

/// What this role may do on this server.
#[derive(Debug, sqlx::FromRow)]
struct Rights {
    creates_databases: bool,
    creates_schemas: bool,
    standby: bool,
}

/// Runs these migrations, oldest first, on nothing. The session is one of the database itself, for its search path.
pub(super) async fn produced_by(
    database: &Database,
    session: &mut PgConnection,
    migrations: &[&Migration],
) -> Result<Produced> {
    let scope = SnapshotScope::of_session(session).await?;
    let key = cache::key(database.version().major, &scope, migrations);
    if let Some(known) = cache::get(&key) {
        return Ok(Produced::Schema(known));
    }
    if let Some(why) = migrations.iter().find_map(|migration| reach::beyond(migration)) {
        return Ok(Produced::Unknown(why));
    }
    let made = make(database, session, &scope, migrations).await?;
    if let Produced::Schema(snapshot) = &made {
        cache::put(key, snapshot);
    }
    Ok(made)
}

async fn make(
    database: &Database,
    session: &mut PgConnection,
    scope: &SnapshotScope,
    migrations: &[&Migration],
) -> Result<Produced> {
    if let Err(refused) = database.check_writable() {
        return Ok(Produced::Unknown(format!("{refused}, so nothing is made on its server to compare with")));
    }
    let rights: Rights = sqlx::query_as(include_str!("scratch/rights.sql")).fetch_one(&mut *session).await?;
    if rights.standby {
        return Ok(Produced::Unknown(
            "this server is a standby: nothing can be made on it to compare with".to_owned(),
        ));
    }
    let refused = match in_database(database, scope, migrations, &rights).await {
        Ok(snapshot) => return Ok(Produced::Schema(Arc::new(snapshot))),
        Err(refused) => refused,
    };
    match schema::produce(database, session, migrations, rights.creates_schemas).await {
        Ok(snapshot) => Ok(Produced::Schema(Arc::new(snapshot))),
        Err(schema::NotHere(why)) => Ok(Produced::Unknown(format!("{refused}; {why}"))),
    }
}

/// Everything that goes wrong is a reason, not an error: drift is then unknown, which is no failure of the database.
async fn in_database(
    database: &Database,
    scope: &SnapshotScope,
    migrations: &[&Migration],
    rights: &Rights,
) -> Result<SchemaSnapshot, String> {
    if !rights.creates_databases {
        return Err("this role may not create a database to compare with".to_owned());
    }
    drop_leftovers(database).await.map_err(in_words)?;
    let scratch = ScratchDatabase::create(database).await.map_err(in_words)?;
    let snapshot = run::in_database(&scratch, scope, migrations).await;
    // What it was for is there; a database that stays is found by its name the next time.
    let _ = scratch.remove().await;
    snapshot.map_err(in_words)
}

fn in_words(error: Error) -> String {
    error.message().to_owned()
}
