//! The private server: open, start, stop, look.

use evaldesk_core::connection::Database;
use evaldesk_core::demo;
use evaldesk_core::eval::{self, RunQuery};
use evaldesk_core::job::{JobContext, Progress};
use evaldesk_core::migrate::{self, MigrationRequest};
use evaldesk_core::server::local::{
    Endpoint, LeaseKind, LocalServer, LocalStatus, ResetMode, StopMode, StopOutcome, UpgradePlan,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{DemoArguments, JobStarted, NoArguments};
use crate::{LOCAL_ID, Result, Session, local};

/// How to open the local database.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct LocalOpenArguments {
    /// Load sample data when it holds no runs yet.
    pub sample: bool,
}

/// What came of opening it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LocalOpened {
    pub connection: String,
    /// Sentences about what had to be repaired or chosen on the way.
    pub notices: Vec<String>,
}

/// The server's state, and where its password is.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LocalStatusReply {
    pub status: LocalStatus,
    /// The file that holds the password, where there is no keyring.
    pub password_file: Option<String>,
    /// Sentences about what had to be repaired or chosen at the last start.
    pub notices: Vec<String>,
}

/// Tells what the local server is doing. Changes nothing.
pub async fn local_status(session: &Session, _: NoArguments) -> Result<LocalStatusReply> {
    status(session, Vec::new()).await
}

async fn status(session: &Session, notices: Vec<String>) -> Result<LocalStatusReply> {
    let status = session.local().server()?.status().await?;
    Ok(LocalStatusReply { status, password_file: local::password_place(session), notices })
}

/// Starts the local server and keeps it up until `local_stop`.
pub async fn local_start(session: &Session, _: NoArguments) -> Result<LocalStatusReply> {
    let endpoint = hold(session).await?;
    status(session, endpoint.notices).await
}

async fn hold(session: &Session) -> Result<Endpoint> {
    let (_, endpoint) = local::start(session, &JobContext::detached()).await?;
    session.local().server()?.lease(LeaseKind::Held).await?;
    Ok(endpoint)
}

/// Ends `local_start`; the server stops once nobody else uses it.
pub async fn local_stop(session: &Session, _: NoArguments) -> Result<LocalStatusReply> {
    let server = let_go(session).await?;
    let outcome = server.stop(StopMode::WhenUnused, &JobContext::detached()).await?;
    status(session, vec![told(outcome)]).await
}

fn told(outcome: StopOutcome) -> String {
    match outcome {
        StopOutcome::Stopped => "The local server is stopped.",
        StopOutcome::NotRunning => "The local server was not running.",
        StopOutcome::StillUsed => {
            "An app or a command still uses the local server: it stops after the last of them."
        }
    }
    .to_owned()
}

/// What becomes of the old data. `confirm` is the database's name, typed.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LocalResetArguments {
    pub confirm: String,
    pub mode: ResetMode,
}

/// Where the old data is now; absent when there was none or it was deleted.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LocalResetReply {
    pub kept: Option<String>,
}

/// Takes the local data folder away, so that the next start makes a new one.
pub async fn local_reset(session: &Session, arguments: LocalResetArguments) -> Result<LocalResetReply> {
    let server = let_go(session).await?;
    let outcome = server.reset(&arguments.confirm, arguments.mode, &JobContext::detached()).await?;
    local::forget_password(session).await?;
    session.record("local_reset", Some("Local".to_owned()), "local data folder", "ok");
    Ok(LocalResetReply { kept: outcome.kept.map(|kept| kept.display().to_string()) })
}

/// Ends this session's own use of the server, which would stand in its own way.
async fn let_go(session: &Session) -> Result<LocalServer> {
    session.close(LOCAL_ID).await;
    session.local().release().await;
    session.local().server()
}

/// To which major; absent is the preferred one.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct LocalUpgradePlanArguments {
    pub to: Option<i32>,
}

/// A plan that was shown.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LocalUpgradeArguments {
    pub plan: UpgradePlan,
}

/// Plans to move the local data to another major. Only reads.
pub async fn local_upgrade_plan(
    session: &Session,
    arguments: LocalUpgradePlanArguments,
) -> Result<UpgradePlan> {
    Ok(session.local().server()?.plan_upgrade(arguments.to).await?)
}

/// Starts to move the local data: dump, new cluster, restore, compare; the old folder is kept.
pub async fn local_upgrade(session: &Session, arguments: LocalUpgradeArguments) -> Result<JobStarted> {
    let password = local::password(session).await?;
    let server = let_go(session).await?;
    let (from, to) = (arguments.plan.from.major, arguments.plan.to.major);
    let title = format!("Move the local data from PostgreSQL {from} to {to}");
    let job = session.start_job("local_upgrade", title, None, |job| async move {
        server.apply_upgrade(&arguments.plan, &password, &job).await
    })?;
    Ok(JobStarted { job })
}

/// Opens the local database: server up, schema there, and sample data if asked for and it is empty.
pub async fn local_open(session: &Session, arguments: LocalOpenArguments) -> Result<JobStarted> {
    let own = session.clone();
    let job = session.start_job(
        "local_open",
        "Open the local database".to_owned(),
        None,
        move |job| async move { open(&own, arguments, &job).await.map_err(into_error) },
    )?;
    Ok(JobStarted { job })
}

async fn open(session: &Session, arguments: LocalOpenArguments, job: &JobContext) -> Result<LocalOpened> {
    job.progress(Progress::phase("starting PostgreSQL"));
    let (_, endpoint) = local::start(session, job).await?;
    let database = session.database(LOCAL_ID).await?;
    let context = session.migration_context(LOCAL_ID)?;
    if migrate::migration_status(&database, &context).await?.is_untouched() {
        job.progress(Progress::phase("making the tables"));
        let plan = migrate::plan_migrate(&database, &context, MigrationRequest::Up).await?;
        migrate::apply_migrate(&database, &context, &plan, job).await?;
    }
    if arguments.sample && holds_no_runs(session, &database).await? {
        job.progress(Progress::phase("loading sample data"));
        let usual = DemoArguments {
            connection: LOCAL_ID.to_owned(),
            runs: None,
            results: None,
            seed: None,
            append: false,
            confirm: None,
        };
        demo::load_demo(&database, &usual.options(session), job).await?;
    }
    Ok(LocalOpened { connection: LOCAL_ID.to_owned(), notices: endpoint.notices })
}

async fn holds_no_runs(session: &Session, database: &Database) -> Result<bool> {
    let one = RunQuery { limit: Some(1), without_total: true, ..RunQuery::default() };
    Ok(eval::runs(database, &one, session.clock().now()).await?.runs.is_empty())
}

/// Jobs end with core's error; the report's words are kept.
fn into_error(report: crate::ErrorReport) -> evaldesk_core::Error {
    let error = evaldesk_core::Error::new(report.code, report.message);
    match report.hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}
