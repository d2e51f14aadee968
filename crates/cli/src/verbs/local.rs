//! `evaldesk local`: the private server.

use std::path::PathBuf;

use clap::Subcommand;
use evaldesk_api::commands::{
    LocalResetArguments, LocalStatusReply, LocalUpgradeArguments, LocalUpgradePlanArguments, NoArguments,
    local_reset, local_start, local_status, local_stop, local_upgrade, local_upgrade_plan,
};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::server::local::{DATABASE, LocalState, ResetMode, UpgradeOutcome};
use evaldesk_api::{ErrorReport, Result};

use super::Context;
use crate::{confirm, follow, print};

#[derive(Subcommand)]
pub(crate) enum Local {
    /// Start the server and keep it up until `local stop`
    Start,
    /// Let the server stop, once nobody else uses it
    Stop,
    /// Tell what the server is doing
    Status,
    /// Take the data folder aside and begin anew; asks for --confirm with the database's name
    Reset {
        /// Delete the old data instead of keeping it beside
        #[arg(long)]
        delete: bool,
    },
    /// Move the data to another major: dump, new cluster, restore, compare; the old folder is kept
    Upgrade {
        /// The major to move to; the preferred one without it
        #[arg(long, value_name = "MAJOR")]
        to: Option<i32>,
    },
    /// Watch over the server of a folder (started by ourselves)
    #[command(hide = true)]
    Watch { root: PathBuf },
}

pub(crate) async fn run(context: &Context, verb: Local) -> Result<()> {
    match verb {
        Local::Start => report(context, &local_start(&context.session, NoArguments {}).await?),
        Local::Stop => report(context, &local_stop(&context.session, NoArguments {}).await?),
        Local::Status => report(context, &local_status(&context.session, NoArguments {}).await?),
        Local::Reset { delete } => reset(context, delete).await,
        Local::Upgrade { to } => upgrade(context, to).await,
        Local::Watch { root } => evaldesk_api::watch_local(root),
    }
}

fn report(context: &Context, reply: &LocalStatusReply) -> Result<()> {
    for notice in &reply.notices {
        print::note(notice);
    }
    if context.common.json {
        return print::json(reply);
    }
    let status = &reply.status;
    print::line(&format!("state     {}", format!("{:?}", status.state).to_lowercase()));
    if let Some(engine) = &status.engine {
        print::line(&format!("engine    PostgreSQL {} in {}", engine.version, engine.bin.display()));
    }
    if let Some(port) = status.port {
        print::line(&format!("address   127.0.0.1:{port}"));
    }
    print::line(&format!("data      {}", status.data_folder.display()));
    let place = match &reply.password_file {
        Some(file) => format!("in {file} (0600), since this session has no keyring"),
        None if status.state == LocalState::Absent => "none yet: the first start makes it".to_owned(),
        None => "in the keyring, as service evaldesk, username local".to_owned(),
    };
    print::line(&format!("password  {place}"));
    Ok(())
}

async fn reset(context: &Context, delete: bool) -> Result<()> {
    let confirmed = context.common.confirm.as_deref().ok_or_else(|| {
        ErrorReport::new(
            ErrorKind::Refused,
            format!("this takes away the local database {DATABASE} with all its data"),
        )
        .hint(format!("Pass --confirm {DATABASE} to do it. Without --delete the old folder is kept beside."))
    })?;
    let mode = if delete { ResetMode::Delete } else { ResetMode::SetAside };
    let arguments = LocalResetArguments { confirm: confirmed.to_owned(), mode };
    let reply = local_reset(&context.session, arguments).await?;
    if context.common.json {
        return print::json(&reply);
    }
    match reply.kept {
        Some(kept) => {
            print::note(&format!("The old data is kept in {kept}. The next start makes a new database."));
        }
        None => print::note("The local database is gone. The next start makes a new one."),
    }
    Ok(())
}

async fn upgrade(context: &Context, to: Option<i32>) -> Result<()> {
    let plan = local_upgrade_plan(&context.session, LocalUpgradePlanArguments { to }).await?;
    let (from, to) = (plan.from.version.clone(), plan.to.version.clone());
    let bytes = print::bytes(i64::try_from(plan.bytes).unwrap_or(i64::MAX));
    confirm::ask(&context.common, &format!("Move {bytes} of local data from PostgreSQL {from} to {to}?"))?;
    let started = local_upgrade(&context.session, LocalUpgradeArguments { plan }).await?;
    let outcome = follow::follow(&context.session, &started.job).await?;
    if context.common.json {
        return print::json(&outcome);
    }
    let UpgradeOutcome { kept, tables, settings_left } = follow::read(outcome)?;
    print::note(&format!(
        "The local data is on PostgreSQL {to}; {} tables were found equal. The old data is kept in {}.",
        tables.len(),
        kept.display()
    ));
    if !settings_left.is_empty() {
        print::note(&format!("Settings that stayed behind: {}.", settings_left.join(", ")));
    }
    Ok(())
}
