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
        // The server waits 5 s for the last ones to leave: a screen that looked in meanwhile is sent away.
        let created = tokio::select! {
            created = sqlx::raw_sql(create.to_query()).execute(&mut keeper) => created,
            never = keep_away(database) => match never {},
        };
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
        Database::open_with(&profile, held.database.access()).await
    }

    /// A session on it, as the user.
    pub(in crate::migrate) async fn session(&self) -> Result<PgConnection> {
        let Some(held) = &self.held else {
            return Err(Error::internal("a scratch database that was dropped"));
        };
        let mut profile = held.database.profile().clone();
        profile.database.clone_from(&self.name);
        connect(&profile, held.database.access()).await
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
    let session = connect(&profile, database.access()).await;
    session.map_err(|error| error.while_doing("copying a database needs a session in another one"))
}

/// Between two looks at who is connected.
const LOOK: Duration = Duration::from_millis(100);
/// How long others are waited for: they may be about to leave, and whoever asked wants to know soon.
const FOR_OTHERS: Duration = Duration::from_secs(2);
/// How long our own sessions are waited for: they are short reads, or another scratch database being filled.
const FOR_OURS: Duration = Duration::from_secs(30);

#[derive(sqlx::FromRow)]
struct Connected {
    who: String,
    ours: bool,
}

/// Closes our own idle sessions, and waits until nobody is connected.
async fn alone(keeper: &mut PgConnection, database: &Database) -> Result<()> {
    let begun = std::time::Instant::now();
    loop {
        send_idle_away(database).await;
        let connected = connected(keeper, database).await?;
        if connected.is_empty() {
            return Ok(());
        }
        let patience = if connected.iter().all(|one| one.ours) { FOR_OURS } else { FOR_OTHERS };
        if begun.elapsed() >= patience {
            return Err(in_the_way(&database.profile().database, &connected));
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn connected(keeper: &mut PgConnection, database: &Database) -> Result<Vec<Connected>> {
    let profile = database.profile();
    let connected = sqlx::query_as(include_str!("connected.sql"))
        .bind(&profile.database)
        .bind(&profile.application_name)
        .fetch_all(keeper)
        .await?;
    Ok(connected)
}

async fn send_idle_away(database: &Database) {
    while let Some(session) = database.pool().try_acquire() {
        let _ = session.close().await;
    }
}

async fn keep_away(database: &Database) -> std::convert::Infallible {
    loop {
        send_idle_away(database).await;
        tokio::time::sleep(LOOK).await;
    }
}

fn in_the_way(name: &str, connected: &[Connected]) -> Error {
    let more = connected.len().saturating_sub(3);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let who: Vec<&str> = connected.iter().take(3).map(|one| one.who.as_str()).collect();
    let message = format!("{name} cannot be copied while others are connected: {}{rest}", who.join(", "));
    Error::new(ErrorKind::Precondition, message)
        .hint("Rehearse on a copy of the schema, which disturbs nobody, or when they are gone.")
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
