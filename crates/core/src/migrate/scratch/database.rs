//! A database that lives for one question: recognisable by its name, held by a lock, dropped at the end.
//!
//! The session that made it keeps an advisory lock of its name. After `kill -9` the lock is gone and the database is
//! not: so `drop_leftovers` knows which ones nobody needs, on whichever database of the server they were made.

use rand::Rng as _;
use sqlx::{Connection as _, PgConnection};

use crate::connection::{Database, connect};
use crate::ident::Ident;
use crate::sql::SafeSql;
use crate::{Error, Result};

/// The class of the advisory locks that scratch databases are held by, of no meaning but to be ours.
const LOCK_CLASS: i32 = 1_163_284_301;

/// A scratch database. `remove` drops it; one that is let go of without is dropped in the background.
pub(in crate::migrate) struct ScratchDatabase {
    held: Option<Held>,
    name: String,
}

struct Held {
    database: Database,
    /// Connected to the user's database; its lock says that the scratch one is in use.
    keeper: PgConnection,
}

impl ScratchDatabase {
    /// Makes an empty one beside a database, with its encoding and locale. The role needs CREATEDB.
    pub(in crate::migrate) async fn create(database: &Database) -> Result<Self> {
        let name = format!("evaldesk_scratch_{:016x}", rand::rng().random::<u64>());
        let mut keeper = database.dedicated().await?;
        sqlx::raw_sql("set statement_timeout = '60s'; set lock_timeout = '10s'").execute(&mut keeper).await?;
        sqlx::query("select pg_advisory_lock($1, hashtext($2))")
            .bind(LOCK_CLASS)
            .bind(&name)
            .execute(&mut keeper)
            .await?;
        let create: String =
            sqlx::query_scalar(include_str!("create.sql")).bind(&name).fetch_one(&mut keeper).await?;
        let create = SafeSql::trusted_file(create);
        let created = sqlx::raw_sql(create.to_query()).execute(&mut keeper).await;
        created.map_err(|error| Error::from(error).while_doing("cannot make a scratch database"))?;
        Ok(Self { held: Some(Held { database: database.clone(), keeper }), name })
    }

    /// A session on it, as the user.
    pub(in crate::migrate) async fn session(&self) -> Result<PgConnection> {
        let Some(held) = &self.held else {
            return Err(Error::internal("a scratch database that was dropped"));
        };
        let mut profile = held.database.profile().clone();
        profile.database.clone_from(&self.name);
        connect(&profile, held.database.secret()).await
    }

    /// Drops it.
    pub(in crate::migrate) async fn remove(mut self) -> Result<()> {
        match self.held.take() {
            Some(held) => held.remove(self.name.clone()).await,
            None => Ok(()),
        }
    }
}

impl Drop for ScratchDatabase {
    /// A caller that was cancelled cannot wait; without a runtime the next `drop_leftovers` finds it.
    fn drop(&mut self) {
        if let (Some(held), Ok(runtime)) = (self.held.take(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(held.remove(self.name.clone()));
        }
    }
}

impl Held {
    async fn remove(mut self, name: String) -> Result<()> {
        let removed = drop_database(&mut self.keeper, &name).await;
        // The lock goes with the session either way.
        let _ = self.keeper.close().await;
        removed
    }
}

/// Drops the scratch databases that a crash left behind on the server, as far as this role may; their names.
pub(in crate::migrate) async fn drop_leftovers(database: &Database) -> Result<Vec<String>> {
    let mut session = database.dedicated().await?;
    let names: Vec<String> =
        sqlx::query_scalar(include_str!("leftovers.sql")).bind(LOCK_CLASS).fetch_all(&mut session).await?;
    for name in &names {
        drop_database(&mut session, name).await?;
    }
    session.close().await?;
    Ok(names)
}

/// Ends its sessions first: 12 has no "force".
async fn drop_database(session: &mut PgConnection, name: &str) -> Result<()> {
    sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1")
        .bind(name)
        .execute(&mut *session)
        .await?;
    let drop = SafeSql::new("drop database if exists ").ident(&Ident::new(name));
    let dropped = sqlx::raw_sql(drop.to_query()).execute(session).await;
    dropped.map_err(|error| {
        Error::from(error).while_doing(&format!("cannot drop the scratch database {name}"))
    })?;
    Ok(())
}
