//! What has to hold after a fault: the status is the truth, nobody holds a lock, and both ways out lead to a whole schema.

use std::path::Path;

use evaldesk_core::catalog::fingerprint::quick_fingerprint;
use evaldesk_core::connection::Database;
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{
    MigrationContext, MigrationRequest, MigrationState, MigrationStatusRow, apply_migrate, migration_status,
    plan_migrate,
};
use sqlx::{Connection as _, PgConnection};

use super::case::{Case, Then};
use super::ground::is_so;
use super::mixed::{self, STATEMENTS};

/// The schema as a clean run leaves it, and as it was before.
#[derive(Debug, Clone)]
pub(crate) struct Clean {
    pub(crate) up: String,
    pub(crate) down: String,
}

/// What is found wrong, in words.
pub(crate) type Found = Result<(), String>;

/// Everything that has to hold.
pub(crate) async fn check(url: &str, log: &Path, case: &Case, clean: &Clean) -> Found {
    let context = mixed::context(case.mode, case.place, log);
    let database = Database::from_url(url).await.map_err(|error| format!("cannot connect: {error}"))?;
    let mut session = PgConnection::connect(url).await.unwrap();
    no_lock(&mut session).await?;
    let row = status(&database, &context).await?;
    told_truly(&mut session, &row).await?;
    go(&database, &context, &row, case.then).await?;
    whole(&mut session, &database, &context, case.then, clean).await?;
    no_lock(&mut session).await?;
    database.close().await;
    session.close().await.unwrap();
    Ok(())
}

async fn no_lock(session: &mut PgConnection) -> Found {
    let none = "select count(*) = 0 from pg_locks where locktype = 'advisory'
        and database = (select oid from pg_database where datname = current_database())";
    // A session that has said goodbye is gone a moment later.
    for _ in 0..200 {
        if is_so(session, none).await {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    Err("an advisory lock is left behind".to_owned())
}

async fn status(database: &Database, context: &MigrationContext) -> Result<MigrationStatusRow, String> {
    let status = migration_status(database, context).await.map_err(|error| format!("no status: {error}"))?;
    let row = status.migrations.into_iter().find(|row| row.version == mixed::version());
    row.ok_or_else(|| "the version is not in the status".to_owned())
}

/// The catalog against what the status says: up is all, down is nothing, partial is so many and no more.
async fn told_truly(session: &mut PgConnection, row: &MigrationStatusRow) -> Found {
    held(!row.running, || "the status says that it still runs".to_owned())?;
    let mut there = Vec::new();
    for (_, probe) in STATEMENTS {
        there.push(is_so(session, probe).await);
    }
    let recorded = is_so(session, "select count(*) = 1 from schema_migrations where version = '2'").await;
    let total = STATEMENTS.len();
    let (done, open) = match (row.state, &row.partial) {
        (MigrationState::Up, None) => (total, None),
        (MigrationState::Down, None) => (0, None),
        (MigrationState::Partial, Some(partial)) => (partial.done as usize, partial.open),
        (state, partial) => return Err(format!("the state is {state:?} with {partial:?}")),
    };
    held(recorded == (row.state == MigrationState::Up), || format!("{:?}, recorded: {recorded}", row.state))?;
    for (index, is_there) in there.iter().enumerate() {
        let unknown = open.is_some_and(|open| open as usize == index);
        held(unknown || *is_there == (index < done), || {
            format!(
                "statement {} is there: {is_there}, the status says {:?} {:?}",
                index + 1,
                row.state,
                row.partial
            )
        })?;
    }
    Ok(())
}

/// The way out that the case takes.
async fn go(database: &Database, context: &MigrationContext, row: &MigrationStatusRow, then: Then) -> Found {
    let version = mixed::version();
    let request = match (row.state, then) {
        (MigrationState::Partial, Then::Forward) => MigrationRequest::Resume { version },
        (MigrationState::Partial, Then::Back) => MigrationRequest::Undo { version },
        (MigrationState::Down, Then::Forward) => MigrationRequest::Up,
        (MigrationState::Up, Then::Back) => MigrationRequest::Down { version },
        _ => return Ok(()),
    };
    let failed = |error: evaldesk_core::Error| {
        format!("{request:?} from {:?}: {error} {:?}", row.partial, error.hint_text())
    };
    let plan = plan_migrate(database, context, request.clone()).await.map_err(failed)?;
    apply_migrate(database, context, &plan, &JobContext::detached()).await.map(drop).map_err(failed)
}

/// As one clean run makes it, or as it was before any.
async fn whole(
    session: &mut PgConnection,
    database: &Database,
    context: &MigrationContext,
    then: Then,
    clean: &Clean,
) -> Found {
    let row = status(database, context).await?;
    let (state, schema) = match then {
        Then::Forward => (MigrationState::Up, &clean.up),
        Then::Back => (MigrationState::Down, &clean.down),
    };
    held(row.state == state, || format!("in the end it is {:?} with {:?}", row.state, row.partial))?;
    let now = quick_fingerprint(session).await.unwrap();
    held(now == *schema, || "the schema is not as a clean run leaves it".to_owned())?;
    let rows = match then {
        Then::Forward => {
            "select (select count(*) from campaign) = 200 and (select count(*) from base where campaign_id = id) = 300"
        }
        Then::Back => "select count(*) = 300 from base",
    };
    held(is_so(session, rows).await, || "the rows are not as they should be".to_owned())?;
    let invalid = "select count(*) = 0 from pg_index where not indisvalid";
    held(is_so(session, invalid).await, || "an invalid index is left".to_owned())
}

fn held(holds: bool, otherwise: impl FnOnce() -> String) -> Found {
    if holds { Ok(()) } else { Err(otherwise()) }
}
