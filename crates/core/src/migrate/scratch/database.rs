//! A database that lives for one question: recognisable by its name, held by a lock, dropped at the end.
//!
//! The session that made it keeps an advisory lock of its name. After `kill -9` the lock is gone and the database is
//! not: so `drop_leftovers` knows which ones nobody needs, on whichever database of the server they were made.

use std::time::Duration;

use rand::Rng as _;
use sqlx::{Connection as _, PgConnection};

use crate::connection::{Database, connect};
use crate::ident::Ident;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

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
        let mut keeper = database.dedicated().await?;
        sqlx::raw_sql("set statement_timeout = '60s'; set lock_timeout = '10s'").execute(&mut keeper).await?;
        let name = hold_new_name(&mut keeper).await?;
        let create: String =
            sqlx::query_scalar(include_str!("create.sql")).bind(&name).fetch_one(&mut keeper).await?;
        let create = SafeSql::trusted_file(create);
        let created = sqlx::raw_sql(create.to_query()).execute(&mut keeper).await;
        created.map_err(|error| Error::from(error).while_doing("cannot make a scratch database"))?;
        Ok(Self { held: Some(Held { database: database.clone(), keeper }), name })
    }

    /// Makes a copy of a database with everything in it. The role needs CREATEDB, and nobody may be connected to the
    /// database: our own idle sessions are closed for it.
    ///
    /// # Errors
    /// `Precondition` while others are connected, naming them.
    pub(in crate::migrate) async fn copy(database: &Database) -> Result<Self> {
        let mut keeper = elsewhere(database).await?;
        sqlx::raw_sql("set statement_timeout = 0; set lock_timeout = '10s'").execute(&mut keeper).await?;
        alone(&mut keeper, database).await?;
        let name = hold_new_name(&mut keeper).await?;
        let source = &database.profile().database;
        let create = SafeSql::new("create database ").ident(&Ident::new(&name)).push(" template ");
        let create = create.ident(&Ident::new(source));
        let created = sqlx::raw_sql(create.to_query()).execute(&mut keeper).await;
        created.map_err(|error| Error::from(error).while_doing(&format!("cannot copy {source}")))?;
        Ok(Self { held: Some(Held { database: database.clone(), keeper }), name })
    }

    /// It as a database of its own.
    pub(in crate::migrate) async fn open(&self) -> Result<Database> {
        let Some(held) = &self.held else {
            return Err(Error::internal("a scratch database that was dropped"));
        };
        let mut profile = held.database.profile().clone();
        profile.database.clone_from(&self.name);
        Database::open(&profile, held.database.secret()).await
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

/// Finds a name and locks it: whoever clears leftovers away leaves it alone from then on.
async fn hold_new_name(keeper: &mut PgConnection) -> Result<String> {
    let name = format!("evaldesk_scratch_{:016x}", rand::rng().random::<u64>());
    sqlx::query("select pg_advisory_lock($1, hashtext($2))")
        .bind(LOCK_CLASS)
        .bind(&name)
        .execute(keeper)
        .await?;
    Ok(name)
}

/// A session on the server that is not in the database itself.
async fn elsewhere(database: &Database) -> Result<PgConnection> {
    let mut profile = database.profile().clone();
    profile.database = if profile.database == "postgres" { "template1" } else { "postgres" }.to_owned();
    let session = connect(&profile, database.secret()).await;
    session.map_err(|error| error.while_doing("copying a database needs a session in another one"))
}

/// Closes our own idle sessions, and waits a moment for the server to notice.
async fn alone(keeper: &mut PgConnection, database: &Database) -> Result<()> {
    while let Some(session) = database.pool().try_acquire() {
        let _ = session.close().await;
    }
    let name = &database.profile().database;
    let mut others = Vec::new();
    for _ in 0..20 {
        others = sqlx::query_scalar::<_, String>(include_str!("connected.sql"))
            .bind(name)
            .fetch_all(&mut *keeper)
            .await?;
        if others.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let more = others.len().saturating_sub(3);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let who = others[..others.len() - more].join(", ");
    Err(Error::new(
        ErrorKind::Precondition,
        format!("{name} cannot be copied while others are connected: {who}{rest}"),
    )
    .hint("Rehearse on a copy of the schema, which disturbs nobody, or when they are gone."))
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
