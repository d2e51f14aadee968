//! What migrations produce, found out by running them where nothing is lost: in a database of their own, else in a
//! schema inside a transaction that is rolled back.
//!
//! `database` alone serves whoever else needs a place to try things: made, dropped whatever happens, and found again
//! after a crash by its name.

mod cache;
mod database;
mod reach;
mod run;
mod sandbox;
mod schema;

use std::sync::Arc;

use sqlx::PgConnection;

use super::file::Migration;
use crate::Result;
use crate::catalog::fingerprint::{SchemaSnapshot, SnapshotScope};
use crate::connection::Database;

pub(super) use database::{ScratchDatabase, drop_leftovers};
pub(super) use sandbox::Sandbox;

/// What the migrations came to.
#[derive(Debug, Clone)]
pub(super) enum Produced {
    Schema(Arc<SchemaSnapshot>),
    /// Nothing can tell here, and why.
    Unknown(String),
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
    let mut sandbox = match Sandbox::open(database, session, migrations).await? {
        Ok(sandbox) => sandbox,
        Err(why) => return Ok(Produced::Unknown(why)),
    };
    let made = make(&mut sandbox, migrations).await;
    sandbox.close().await;
    // Drift is unknown then, which is no failure of the database.
    let snapshot = match made {
        Ok(snapshot) => Arc::new(snapshot),
        Err(error) => return Ok(Produced::Unknown(error.message().to_owned())),
    };
    cache::put(key, &snapshot);
    Ok(Produced::Schema(snapshot))
}

async fn make(sandbox: &mut Sandbox, migrations: &[&Migration]) -> Result<SchemaSnapshot> {
    for migration in migrations {
        sandbox.run(migration).await?;
    }
    sandbox.snapshot().await
}
