//! The verbs, one file a noun.

mod audit;
mod call;
pub(crate) mod chart;
pub(crate) mod connection;
pub(crate) mod demo;
pub(crate) mod health;
pub(crate) mod job;
pub(crate) mod local;
pub(crate) mod maintain;
pub(crate) mod migrate;
pub(crate) mod result;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod span;

use evaldesk_api::commands::ConnectionArguments;
use evaldesk_api::{Result, Session};

use crate::arguments::{Arguments, Common, Verb};
use crate::target;

/// What a verb works with.
pub(crate) struct Context {
    pub(crate) session: Session,
    pub(crate) common: Common,
}

impl Context {
    /// The id of the connection that was named.
    pub(crate) fn connection(&self) -> Result<String> {
        target::connection(&self.session, &self.common)
    }

    /// The same, as the argument that many commands take.
    pub(crate) fn target(&self) -> Result<ConnectionArguments> {
        Ok(ConnectionArguments { connection: self.connection()? })
    }
}

/// Runs one verb.
pub(crate) async fn run(arguments: Arguments) -> Result<()> {
    let context = Context { session: target::session()?, common: arguments.common };
    match arguments.verb {
        Verb::Connection(verb) => connection::run(&context, verb).await,
        Verb::Local(verb) => local::run(&context, verb).await,
        Verb::Demo(verb) => demo::run(&context, verb).await,
        Verb::Migrate(verb) => Box::pin(migrate::run(&context, verb)).await,
        Verb::Schema(verb) => schema::run(&context, verb).await,
        Verb::Run(verb) => run::run(&context, verb).await,
        Verb::Result(verb) => result::run(&context, verb).await,
        Verb::Span(verb) => span::run(&context, verb).await,
        Verb::Health(verb) => health::run(&context, verb).await,
        Verb::Maintain(verb) => maintain::run(&context, verb).await,
        Verb::Chart(verb) => chart::run(&context, verb).await,
        Verb::Job(verb) => job::run(&context, verb).await,
        Verb::Audit { since } => audit::run(&context, since).await,
        Verb::Call { name, arguments, list } => call::run(&context, name, &arguments, list).await,
    }
}
