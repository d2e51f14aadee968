//! `evaldesk database`: the databases of a connection's server.

use clap::{Subcommand, ValueEnum};
use evaldesk_api::ErrorReport;
use evaldesk_api::Result;
use evaldesk_api::commands::{
    DatabaseCreateArguments, DatabaseCreatePlanArguments, DatabaseDropArguments, DatabaseDropPlanArguments,
    database_create, database_create_plan, database_drop, database_drop_plan, database_list,
};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::connection::databases::{
    DatabaseCreatePlan, DatabaseCreateRequest, DatabaseDropPlan, DatabaseDropRequest, DatabaseLocale,
    LocaleProvider, ServerDatabase, ServerEncoding,
};

use super::Context;
use crate::print::{self, Align, Table};

#[derive(Subcommand)]
pub(crate) enum DatabaseVerb {
    /// List the databases of the server with owner, encoding and size
    List,
    /// Make a database; what is not named is the template's
    Create {
        name: String,
        /// The role that it belongs to
        #[arg(long, value_name = "ROLE")]
        owner: Option<String>,
        /// The database that it is a copy of
        #[arg(long, value_name = "NAME")]
        template: Option<String>,
        /// UTF8, LATIN1, and so on, as PostgreSQL spells it
        #[arg(long, value_name = "NAME")]
        encoding: Option<String>,
        /// A locale by its provider's name: C, de_DE.utf8, und
        #[arg(long, value_name = "NAME")]
        locale: Option<String>,
        /// Whose locale it is; icu came with PostgreSQL 15, builtin with 17
        #[arg(long, value_enum, default_value_t = Provider::Libc, requires = "locale")]
        locale_provider: Provider,
        /// How many sessions it takes at once
        #[arg(long, value_name = "N")]
        connection_limit: Option<u16>,
        /// Show the statement and what stands in its way, and make nothing
        #[arg(long)]
        plan: bool,
    },
    /// Drop a database with all that is in it; its name is asked for
    Drop {
        name: String,
        /// Send away who is in it (PostgreSQL 13 and later)
        #[arg(long)]
        force: bool,
        /// Show what dies and who is in it, and drop nothing
        #[arg(long)]
        plan: bool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Provider {
    Libc,
    Icu,
    Builtin,
}

impl From<Provider> for LocaleProvider {
    fn from(provider: Provider) -> Self {
        match provider {
            Provider::Libc => Self::Libc,
            Provider::Icu => Self::Icu,
            Provider::Builtin => Self::Builtin,
        }
    }
}

pub(crate) async fn run(context: &Context, verb: DatabaseVerb) -> Result<()> {
    match verb {
        DatabaseVerb::List => list(context).await,
        DatabaseVerb::Create {
            name,
            owner,
            template,
            encoding,
            locale,
            locale_provider,
            connection_limit,
            plan,
        } => {
            let encoding = encoding.as_deref().map(spelled).transpose()?;
            let locale = locale.map(|name| DatabaseLocale { provider: locale_provider.into(), name });
            let request = DatabaseCreateRequest { name, owner, template, encoding, locale, connection_limit };
            create(context, request, plan).await
        }
        DatabaseVerb::Drop { name, force, plan } => {
            drop(context, DatabaseDropRequest { name, force }, plan).await
        }
    }
}

fn spelled(name: &str) -> Result<ServerEncoding> {
    let spelled = serde_json::Value::String(name.to_uppercase());
    serde_json::from_value(spelled).map_err(|_| {
        ErrorReport::new(ErrorKind::InvalidArguments, format!("a server stores no text in {name}"))
            .hint("UTF8 stores any text; PostgreSQL's manual lists the others under character set support.")
    })
}

async fn list(context: &Context) -> Result<()> {
    let found = database_list(&context.session, context.target()?).await?;
    context.show(&found, |found| table(found).print())
}

fn table(found: &[ServerDatabase]) -> Table {
    let left = |head| (head, Align::Left);
    let right = |head| (head, Align::Right);
    let mut table = Table::new(&[
        left("Name"),
        left("Owner"),
        left("Encoding"),
        left("Locale"),
        right("Size"),
        right("Sessions"),
        right("Limit"),
        left("State"),
    ]);
    for one in found {
        let size = one.bytes.map_or_else(|| "not known".to_owned(), print::bytes);
        let limit =
            if one.connection_limit < 0 { "none".to_owned() } else { one.connection_limit.to_string() };
        table.row([
            one.name.clone(),
            one.owner.clone(),
            one.encoding.clone(),
            one.locale.clone(),
            size,
            one.sessions.to_string(),
            limit,
            state(one).to_owned(),
        ]);
    }
    table
}

fn state(one: &ServerDatabase) -> &'static str {
    match one {
        one if one.invalid => "invalid: its drop was interrupted",
        one if one.current => "this one",
        one if one.template => "template",
        one if !one.allows_connections => "takes no connections",
        one if !one.may_connect => "may not connect",
        _ => "",
    }
}

async fn create(context: &Context, request: DatabaseCreateRequest, only_plan: bool) -> Result<()> {
    let connection = context.connection()?;
    let arguments = DatabaseCreatePlanArguments { connection: connection.clone(), request };
    let plan = database_create_plan(&context.session, arguments).await?;
    if only_plan {
        return context.show(&plan, show_create);
    }
    plan.notes.iter().for_each(|note| print::note(note));
    let name = plan.request.name.clone();
    let arguments = DatabaseCreateArguments { connection, plan, confirm: context.common.confirm.clone() };
    database_create(&context.session, arguments).await?;
    made(context, &format!("Made {name}."))
}

async fn drop(context: &Context, request: DatabaseDropRequest, only_plan: bool) -> Result<()> {
    let connection = context.connection()?;
    let arguments = DatabaseDropPlanArguments { connection: connection.clone(), request };
    let plan = database_drop_plan(&context.session, arguments).await?;
    if only_plan {
        return context.show(&plan, show_drop);
    }
    let name = plan.request.name.clone();
    let arguments = DatabaseDropArguments { connection, plan, confirm: context.common.confirm.clone() };
    database_drop(&context.session, arguments).await?;
    made(context, &format!("Dropped {name}."))
}

fn made(context: &Context, words: &str) -> Result<()> {
    context.show(&serde_json::json!({ "done": words }), |_| print::note(&print::tame(words)))
}

fn show_create(plan: &DatabaseCreatePlan) {
    print::line(&print::tame(&plan.sql));
    plan.problem.iter().for_each(|problem| print::note(&print::tame(&format!("cannot be made: {problem}"))));
    plan.notes.iter().for_each(|note| print::note(&print::tame(note)));
}

fn show_drop(plan: &DatabaseDropPlan) {
    print::line(&print::tame(&plan.sql));
    let size = plan.bytes.map_or_else(|| "a size that this role may not know".to_owned(), print::bytes);
    print::note(&format!(
        "{size}, owned by {}, {} connected.",
        print::tame(&plan.owner),
        plan.sessions.len()
    ));
    for session in &plan.sessions {
        let words =
            format!("{} {} {} from {}", session.pid, session.role, session.application, session.client);
        print::note(&print::tame(&words));
    }
    plan.problem
        .iter()
        .for_each(|problem| print::note(&print::tame(&format!("cannot be dropped: {problem}"))));
    plan.notes.iter().for_each(|note| print::note(&print::tame(note)));
}
