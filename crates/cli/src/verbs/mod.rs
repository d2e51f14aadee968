//! The verbs, one file a noun.

mod audit;
mod call;
pub(crate) mod chart;
pub(crate) mod connection;
pub(crate) mod database;
pub(crate) mod demo;
pub(crate) mod health;
pub(crate) mod job;
pub(crate) mod local;
pub(crate) mod maintain;
pub(crate) mod migrate;
pub(crate) mod query;
pub(crate) mod result;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod span;

use std::cell::OnceCell;

use evaldesk_api::commands::ConnectionArguments;
use evaldesk_api::{Result, Session};
use serde::Serialize;

use crate::arguments::{Arguments, Common, Verb};
use crate::{print, target};

/// What a verb works with.
pub(crate) struct Context {
    pub(crate) session: Session,
    pub(crate) common: Common,
    /// Found once: standard input gives its password only once.
    connection: OnceCell<String>,
}

impl Context {
    /// The id of the connection that was named.
    pub(crate) fn connection(&self) -> Result<String> {
        if let Some(found) = self.connection.get() {
            return Ok(found.clone());
        }
        let found = target::connection(&self.session, &self.common)?;
        Ok(self.connection.get_or_init(|| found).clone())
    }

    /// The same, where a verb works without one too.
    pub(crate) fn connection_if_named(&self) -> Result<Option<String>> {
        target::is_named(&self.common).then(|| self.connection()).transpose()
    }

    /// One that the verb itself may name, instead of by `--connection`.
    pub(crate) fn connection_named(&self, name: Option<String>) -> Result<String> {
        let Some(name) = name else { return self.connection() };
        let common = Common { connection: Some(name), url: None, ..self.common.clone() };
        target::connection(&self.session, &common)
    }

    /// The same, as the argument that many commands take.
    pub(crate) fn target(&self) -> Result<ConnectionArguments> {
        Ok(ConnectionArguments { connection: self.connection()? })
    }

    /// Prints a reply: the document with `--json`, else what a person reads.
    pub(crate) fn show<T: Serialize>(&self, reply: &T, readable: impl FnOnce(&T)) -> Result<()> {
        if self.common.json {
            return print::json(reply);
        }
        readable(reply);
        Ok(())
    }
}

/// Runs one verb.
pub(crate) async fn run(arguments: Arguments) -> Result<()> {
    let session = target::session(arguments.verb.migration_wishes())?;
    let context = Context { session, common: arguments.common, connection: OnceCell::new() };
    let outcome = dispatch(&context, arguments.verb).await;
    // Nothing that ran is forgotten, whichever way it ended.
    context.session.close_queries().await;
    tell_of_profiles(&context.session);
    outcome
}

/// Whichever verb came first after the file of connections broke is the one that tells of it.
fn tell_of_profiles(session: &Session) {
    if let Some(notice) = session.profiles().load().ok().and_then(|saved| saved.notice) {
        print::note(&notice);
    }
}

async fn dispatch(context: &Context, verb: Verb) -> Result<()> {
    match verb {
        Verb::Connection(verb) => connection::run(context, verb).await,
        Verb::Local(verb) => local::run(context, verb).await,
        Verb::Database(verb) => database::run(context, verb).await,
        Verb::Demo(verb) => demo::run(context, verb).await,
        Verb::Migrate(verb) => Box::pin(migrate::run(context, verb)).await,
        Verb::Schema(verb) => schema::run(context, verb).await,
        Verb::Run(verb) => run::run(context, verb).await,
        Verb::Query(verb) => Box::pin(query::run(context, verb)).await,
        Verb::Result(verb) => result::run(context, verb).await,
        Verb::Span(verb) => span::run(context, verb).await,
        Verb::Health(verb) => health::run(context, verb).await,
        Verb::Maintain(verb) => maintain::run(context, verb).await,
        Verb::Chart(verb) => chart::run(context, verb).await,
        Verb::Job(verb) => job::run(context, verb).await,
        Verb::Audit { since } => audit::run(context, since).await,
        Verb::Call { name, arguments, list } => call::run(context, name, &arguments, list).await,
    }
}
