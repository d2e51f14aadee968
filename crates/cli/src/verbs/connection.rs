//! `evaldesk connection`

mod arrange;
mod export;
mod import;
mod limits;
mod settings;
mod trust;
mod way;

use clap::Subcommand;
use evaldesk_api::commands::{
    ConnectionArguments, ConnectionSaveArguments, ConnectionTest, NoArguments, connection_list,
    connection_remove, connection_save, connection_test,
};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::connection::{ConnectionProfile, Environment, Secret, SecretPolicy, StepOutcome};
use evaldesk_api::{ErrorReport, Result};

use super::Context;
use crate::print::{self, Align, Table};
use crate::{confirm, target};
use settings::Settings;

#[derive(Subcommand)]
pub(crate) enum Connection {
    /// List saved connections
    List,
    /// Save a connection; give its address by --url, its password by --password-stdin or when asked
    Add {
        name: String,
        #[command(flatten)]
        settings: Box<Settings>,
        /// Never keep the password: ask each time
        #[arg(long)]
        ask: bool,
    },
    /// Change a saved connection; what is not named stays. --url gives it another address
    Edit {
        name: String,
        #[command(flatten)]
        settings: Box<Settings>,
        /// Call it by another name
        #[arg(long, value_name = "NAME")]
        rename: Option<String>,
    },
    /// Try a connection and tell the true cause when it fails
    Test { name: Option<String> },
    /// Accept the key of its SSH server, by the fingerprint that a test has shown and that was compared
    TrustHost {
        name: String,
        /// As a test shows it
        #[arg(long, value_name = "SHA256:…")]
        fingerprint: String,
    },
    /// Show one saved connection
    Show { name: String },
    /// Forget a connection and its password; the database is not touched
    Remove { name: String },
    /// Save a second one after its likeness, with a copy of its password
    Duplicate { name: String, new_name: String },
    /// Put connections first in the list, in this order
    Order {
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
    },
    /// Find connections that are written down elsewhere, and save those that are named
    Import(import::Import),
    /// Write connections down as JSON, without secrets; all of them where none is named
    Export {
        names: Vec<String>,
        /// Into a file that is not there yet
        #[arg(long, value_name = "FILE")]
        out: Option<String>,
    },
    /// Write a database.yml for Rails with what its adapter really reads; the password comes from a variable
    DatabaseYml { name: Option<String> },
}

pub(crate) async fn run(context: &Context, verb: Connection) -> Result<()> {
    match verb {
        Connection::List => list(context).await,
        Connection::Add { name, settings, ask } => {
            let mut profile = described(context, &name)?;
            let ssh_secret = settings.apply(&context.session, &mut profile)?;
            add(context, profile, ask, ssh_secret).await
        }
        Connection::Edit { name, settings, rename } => edit(context, &name, settings, rename).await,
        Connection::Test { name } => test(context, name).await,
        Connection::TrustHost { name, fingerprint } => trust::trust(context, name, fingerprint).await,
        Connection::Show { name } => show(context, &name),
        Connection::Remove { name } => remove(context, name).await,
        Connection::Duplicate { name, new_name } => arrange::duplicate(context, name, new_name).await,
        Connection::Order { names } => arrange::order(context, &names).await,
        Connection::Import(import) => import::run(context, import).await,
        Connection::Export { names, out } => export::export(context, names, out).await,
        Connection::DatabaseYml { name } => export::database_yml(context, name).await,
    }
}

async fn list(context: &Context) -> Result<()> {
    let list = connection_list(&context.session, NoArguments {}).await?;
    if context.common.json {
        return print::json(&list);
    }
    let mut table = Table::new(
        &["Name", "Group", "Environment", "Address", "Database", "User", "Mode"]
            .map(|head| (head, Align::Left)),
    );
    for profile in &list.connections {
        let mode = print::mode(profile);
        let group = profile.group.clone().unwrap_or_default();
        let cells = [
            &profile.name,
            &group,
            &word(profile.environment),
            &profile.address(),
            &profile.database,
            &profile.user,
        ];
        table.row(cells.into_iter().cloned().chain([mode.to_owned()]));
    }
    table.print();
    Ok(())
}

fn word(environment: Environment) -> String {
    format!("{environment:?}").to_lowercase()
}

fn described(context: &Context, name: &str) -> Result<ConnectionProfile> {
    let url = context.common.url.as_deref().ok_or_else(|| {
        ErrorReport::new(ErrorKind::InvalidArguments, format!("{name} has no address"))
            .hint("Give it by --url postgresql://user@host:port/database")
    })?;
    let mut profile = context.session.parse_url(url)?.profile;
    profile.name = name.to_owned();
    Ok(profile)
}

async fn add(
    context: &Context,
    mut profile: ConnectionProfile,
    ask: bool,
    ssh_secret: Option<Secret>,
) -> Result<()> {
    let password = if profile.password_command.is_some() { None } else { password(context, &profile, ask)? };
    profile.secret_policy = match (&password, ask) {
        _ if profile.password_command.is_some() => SecretPolicy::Command,
        (_, true) => SecretPolicy::Ask,
        (Some(_), false) => SecretPolicy::Keyring,
        (None, false) => SecretPolicy::None,
    };
    save(context, profile, password, ssh_secret).await
}

async fn edit(context: &Context, name: &str, settings: Box<Settings>, rename: Option<String>) -> Result<()> {
    let mut profile = context.session.profile(name)?;
    let in_url = match context.common.url.as_deref() {
        Some(url) => move_to(context, &mut profile, url)?,
        None => None,
    };
    let ssh_secret = settings.apply(&context.session, &mut profile)?;
    profile.name = rename.unwrap_or(profile.name);
    let typed = context.common.password_stdin.then(target::password_from_stdin).transpose()?;
    save(context, profile, typed.or(in_url), ssh_secret).await
}

/// Another address, and the password in its URL. An sslmode in it counts, as everywhere.
fn move_to(context: &Context, profile: &mut ConnectionProfile, url: &str) -> Result<Option<Secret>> {
    let parsed = context.session.parse_url(url)?;
    *profile = target::encrypted_as(profile.clone(), &parsed.profile);
    let to = parsed.profile;
    (profile.host, profile.port, profile.database, profile.user) = (to.host, to.port, to.database, to.user);
    Ok(parsed.password)
}

async fn save(
    context: &Context,
    profile: ConnectionProfile,
    password: Option<Secret>,
    ssh_secret: Option<Secret>,
) -> Result<()> {
    let arguments = ConnectionSaveArguments { profile, password, url: None, ssh_secret };
    let saved = connection_save(&context.session, arguments).await?;
    context.show(&saved, |saved| {
        print::note(&format!("Saved {} ({}, {}).", saved.name, saved.address(), word(saved.environment)));
    })
}

/// From standard input, from the URL, or typed; an empty one means that the server asks for none.
fn password(context: &Context, profile: &ConnectionProfile, ask: bool) -> Result<Option<Secret>> {
    if context.common.password_stdin {
        return target::password_from_stdin().map(Some);
    }
    let in_url = context.common.url.as_deref().map(|url| context.session.parse_url(url)).transpose()?;
    let in_url = in_url.and_then(|parsed| parsed.password);
    if in_url.is_some() || ask {
        return Ok(in_url);
    }
    Ok(target::ask(profile))
}

async fn test(context: &Context, name: Option<String>) -> Result<()> {
    let connection = context.connection_named(name)?;
    // Wakes the local server, which has an address only while it runs.
    let profile = context.session.profile(&connection)?;
    let profile = if profile.is_on_private_server() {
        context.session.database(&profile.id).await?.profile().clone()
    } else {
        profile
    };
    let outcome = connection_test(
        &context.session,
        ConnectionSaveArguments { profile, password: None, url: None, ssh_secret: None },
    )
    .await?;
    report(context, &outcome)?;
    outcome.error.map_or(Ok(()), Err)
}

fn report(context: &Context, outcome: &ConnectionTest) -> Result<()> {
    if context.common.json {
        return print::json(outcome);
    }
    for step in &outcome.steps {
        let mark = match step.outcome {
            StepOutcome::Ok => "ok",
            StepOutcome::Attention => "attention",
            StepOutcome::Failed => "failed",
            StepOutcome::Skipped => "skipped",
        };
        let took = step.took_ms.map(|took| format!("  {took:.0} ms")).unwrap_or_default();
        print::line(&format!("{mark:<9}  {:<8}  {}{took}", step.name, step.detail));
    }
    if let Some(server) = &outcome.server {
        print::server_facts(server);
    }
    Ok(())
}

fn show(context: &Context, name: &str) -> Result<()> {
    context.show(&context.session.profile(name)?, print::connection)
}

async fn remove(context: &Context, name: String) -> Result<()> {
    let profile = context.session.profile(&name)?;
    confirm::ask(&context.common, &format!("Forget the connection {} and its password?", profile.name))?;
    connection_remove(&context.session, ConnectionArguments { connection: profile.id.clone() }).await?;
    if context.common.json {
        return print::json(&profile);
    }
    print::note(&format!("{} is forgotten. The database was not touched.", profile.name));
    Ok(())
}
