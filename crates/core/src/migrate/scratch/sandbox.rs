//! A place where migrations run on nothing: a scratch database, or a scratch schema in a transaction.

use sqlx::{Connection as _, PgConnection, Postgres, Transaction};

use super::{Migration, ScratchDatabase, drop_leftovers, reach, run, schema};
use crate::catalog::fingerprint::{SchemaSnapshot, SnapshotScope};
use crate::connection::Database;
use crate::{Error, Result};

/// An open one. `close` takes everything back; so does letting go of it, in the background.
pub(in crate::migrate) struct Sandbox {
    place: Place,
    schema: Option<String>,
}

enum Place {
    Database { scratch: ScratchDatabase, session: PgConnection },
    Schema(Transaction<'static, Postgres>),
}

/// What this role may do on this server.
#[derive(Debug, sqlx::FromRow)]
struct Rights {
    creates_databases: bool,
    creates_schemas: bool,
    standby: bool,
}

impl Sandbox {
    /// Opens one that these migrations may run in, or says why there is none. The session is one of the real database.
    pub(in crate::migrate) async fn open(
        database: &Database,
        session: &mut PgConnection,
        migrations: &[&Migration],
    ) -> Result<Result<Self, String>> {
        if let Some(why) = migrations.iter().find_map(|migration| reach::beyond(migration)) {
            return Ok(Err(why));
        }
        if let Err(refused) = database.check_writable() {
            return Ok(Err(format!("{refused}, so nothing is made on its server to compare with")));
        }
        let rights: Rights = sqlx::query_as(include_str!("rights.sql")).fetch_one(&mut *session).await?;
        if rights.standby {
            return Ok(Err("this server is a standby: nothing can be made on it to compare with".to_owned()));
        }
        let scope = SnapshotScope::of_session(session).await?;
        let refused = match in_database(database, &scope, &rights).await {
            Ok(sandbox) => return Ok(Ok(sandbox)),
            Err(refused) => refused,
        };
        let opened = schema::open(database, session, migrations, rights.creates_schemas).await;
        Ok(match opened {
            Ok((schema, transaction)) => Ok(Self { place: Place::Schema(transaction), schema: Some(schema) }),
            Err(why) => Err(format!("{refused}; {why}")),
        })
    }

    /// The session in it. What is begun there through sqlx can be taken back.
    pub(in crate::migrate) fn session(&mut self) -> &mut PgConnection {
        match &mut self.place {
            Place::Database { session, .. } => session,
            Place::Schema(transaction) => transaction,
        }
    }

    /// Runs a migration: without a transaction where its file says so and the place allows.
    pub(in crate::migrate) async fn run(&mut self, migration: &Migration) -> Result<()> {
        if migration.up.directives.no_transaction || matches!(self.place, Place::Schema(_)) {
            return run::run(self.session(), migration).await;
        }
        let mut transaction = self.session().begin().await?;
        run::run(&mut transaction, migration).await?;
        Ok(transaction.commit().await?)
    }

    /// What is there by now.
    pub(in crate::migrate) async fn snapshot(&mut self) -> Result<SchemaSnapshot> {
        let schema = self.schema.clone();
        snapshot(self.session(), schema.as_deref()).await
    }

    /// Runs a migration to see what it makes, and keeps it only if that is wanted. What was there, in either case.
    pub(in crate::migrate) async fn attempt(
        &mut self,
        migration: &Migration,
        wanted: impl FnOnce(&SchemaSnapshot) -> bool,
    ) -> Result<SchemaSnapshot> {
        let schema = self.schema.clone();
        let mut transaction = self.session().begin().await?;
        run::run(&mut transaction, migration).await?;
        let made = snapshot(&mut transaction, schema.as_deref()).await?;
        if wanted(&made) {
            transaction.commit().await?;
        } else {
            transaction.rollback().await?;
        }
        Ok(made)
    }

    /// Takes everything back. What stays after an error is found by its name the next time.
    pub(in crate::migrate) async fn close(self) {
        match self.place {
            Place::Database { scratch, session } => {
                let _ = session.close().await;
                let _ = scratch.remove().await;
            }
            Place::Schema(transaction) => {
                let _ = transaction.rollback().await;
            }
        }
    }
}

async fn snapshot(session: &mut PgConnection, schema: Option<&str>) -> Result<SchemaSnapshot> {
    let scope = match schema {
        Some(schema) => SnapshotScope::alone(schema),
        None => SnapshotScope::of_database(session).await?,
    };
    SchemaSnapshot::read(session, &scope).await
}

/// Everything that goes wrong is a reason for the other place, not an error.
async fn in_database(database: &Database, scope: &SnapshotScope, rights: &Rights) -> Result<Sandbox, String> {
    if !rights.creates_databases {
        return Err("this role may not create a database to compare with".to_owned());
    }
    let in_words = |error: Error| error.message().to_owned();
    drop_leftovers(database).await.map_err(in_words)?;
    let scratch = ScratchDatabase::create(database).await.map_err(in_words)?;
    let mut session = scratch.session().await.map_err(in_words)?;
    run::prepare(&mut session, scope).await.map_err(in_words)?;
    Ok(Sandbox { place: Place::Database { scratch, session }, schema: None })
}
