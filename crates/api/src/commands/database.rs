//! Databases of a connection's server: listed, made, dropped, and opened as a connection of their own.

use evaldesk_core::connection::databases::{
    self, DatabaseCreatePlan, DatabaseCreateRequest, DatabaseDropPlan, DatabaseDropRequest, ServerDatabase,
};
use evaldesk_core::connection::import::free_name;
use evaldesk_core::connection::{ConnectionProfile, LOCAL_ID, MigrationSettings};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::connection_duplicate::{insert, likeness};
use super::{ConnectionArguments, Done, confirm};
use crate::{ErrorReport, Result, Session};
use evaldesk_core::ErrorKind;

/// A database to make.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseCreatePlanArguments {
    pub connection: String,
    pub request: DatabaseCreateRequest,
}

/// A plan that was shown.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseCreateArguments {
    pub connection: String,
    pub plan: DatabaseCreatePlan,
    /// The name of the connection's database, typed, on production.
    pub confirm: Option<String>,
}

/// A database to drop.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseDropPlanArguments {
    pub connection: String,
    pub request: DatabaseDropRequest,
}

/// A plan that was shown.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseDropArguments {
    pub connection: String,
    pub plan: DatabaseDropPlan,
    /// The name of the database that goes, typed, in every environment.
    pub confirm: Option<String>,
}

/// Which database of the connection's server to open.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseOpenArguments {
    pub connection: String,
    pub database: String,
}

/// Lists the databases of the connection's server.
pub async fn database_list(session: &Session, arguments: ConnectionArguments) -> Result<Vec<ServerDatabase>> {
    Ok(databases::list_databases(&arguments.open(session).await?).await?)
}

/// Plans a new database. Only reads.
pub async fn database_create_plan(
    session: &Session,
    arguments: DatabaseCreatePlanArguments,
) -> Result<DatabaseCreatePlan> {
    let database = session.database(&arguments.connection).await?;
    Ok(databases::plan_database_create(&database, arguments.request).await?)
}

/// Makes the database of a plan.
pub async fn database_create(session: &Session, arguments: DatabaseCreateArguments) -> Result<Done> {
    let database = session.database(&arguments.connection).await?;
    database.check_writable()?;
    confirm::require_on_production(&database, arguments.confirm.as_deref())?;
    databases::apply_database_create(&database, &arguments.plan).await?;
    session.record("database_create", Some(database.profile().name.clone()), &arguments.plan.sql, "ok");
    Ok(Done {})
}

/// Plans a drop. Only reads.
pub async fn database_drop_plan(
    session: &Session,
    arguments: DatabaseDropPlanArguments,
) -> Result<DatabaseDropPlan> {
    let database = session.database(&arguments.connection).await?;
    let name = arguments.request.name.clone();
    let mut plan = databases::plan_database_drop(&database, arguments.request).await?;
    let leading = leading_there(session, database.profile(), &name)?;
    if !leading.is_empty() {
        let names: Vec<&str> = leading.iter().map(|profile| profile.name.as_str()).collect();
        plan.notes.push(format!("Saved connections lead there and stay saved: {}.", names.join(", ")));
    }
    Ok(plan)
}

/// Drops the database of a plan, after sessions of ours in it are closed.
pub async fn database_drop(session: &Session, arguments: DatabaseDropArguments) -> Result<Done> {
    let database = session.database(&arguments.connection).await?;
    database.check_writable()?;
    let name = &arguments.plan.request.name;
    require_name(name, arguments.confirm.as_deref())?;
    for profile in leading_there(session, database.profile(), name)? {
        if profile.id != database.profile().id {
            session.close(&profile.id).await;
        }
    }
    let dropped = databases::apply_database_drop(&database, &arguments.plan).await;
    session.close(&database.profile().id).await;
    let outcome = if dropped.is_ok() { "ok" } else { "failed" };
    session.record("database_drop", Some(database.profile().name.clone()), &arguments.plan.sql, outcome);
    Ok(dropped.map(|()| Done {})?)
}

/// The name of what goes, not of where one is.
fn require_name(name: &str, typed: Option<&str>) -> Result<()> {
    if typed == Some(name) {
        return Ok(());
    }
    let message = match typed {
        Some(typed) => {
            format!("{typed} is not the name of the database that is to be dropped, which is {name}")
        }
        None => format!("this deletes the database {name} with all that is in it: its name is asked for"),
    };
    Err(ErrorReport::new(ErrorKind::Refused, message)
        .hint(format!("Type {name} to confirm; on the command line --confirm {name}.")))
}

fn leading_there(
    session: &Session,
    beside: &ConnectionProfile,
    name: &str,
) -> Result<Vec<ConnectionProfile>> {
    let mut all = session.profiles().load()?.profiles;
    all.retain(|other| (&other.host, other.port) == (&beside.host, beside.port) && other.database == name);
    Ok(all)
}

/// The saved connection to another database of the server; a new one shares the password of the one it comes from.
pub async fn database_open(session: &Session, arguments: DatabaseOpenArguments) -> Result<ConnectionProfile> {
    let from = session.profile(&arguments.connection)?;
    let saved = session.profiles().load()?.profiles;
    let wanted = |other: &&ConnectionProfile| other.same_login(&from) && other.database == arguments.database;
    if let Some(found) = saved.iter().find(wanted) {
        return Ok(found.clone());
    }
    let taken: Vec<String> = saved.iter().map(|profile| profile.name.clone()).collect();
    let mut profile = likeness(&from, free_name(&format!("{} {}", from.name, arguments.database), &taken));
    profile.database = arguments.database;
    profile.migrations = MigrationSettings::default();
    profile.notes = None;
    let on_private_server = from.is_on_private_server();
    profile.secret_of = Some(if on_private_server { LOCAL_ID } else { from.secret_key() }.to_owned());
    insert(session, &from, profile).await
}
