//! The command line's grammar. Verbs are nouns of the product, each in its own file of `verbs`.

use clap::{Args, Parser, Subcommand};
use evaldesk_api::MigrationWishes;

use crate::verbs::{
    chart, connection, database, demo, health, job, local, maintain, migrate, query, result, run, schema,
    span,
};

/// The desktop admin for RAAF Eval databases, on the command line.
#[derive(Parser)]
#[command(name = "evaldesk", version, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What every verb takes.
#[derive(Args, Clone)]
pub(crate) struct Common {
    /// A saved connection, by name
    #[arg(long, short = 'c', global = true, value_name = "NAME", conflicts_with = "url")]
    pub(crate) connection: Option<String>,
    /// A connection URL; without it DATABASE_URL, else the local database
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Read the password from standard input
    #[arg(long, global = true)]
    pub(crate) password_stdin: bool,
    /// Print one JSON document, or JSON lines where it streams
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Answer ordinary confirmations with yes
    #[arg(long, short = 'y', global = true)]
    pub(crate) yes: bool,
    /// Confirm by the database's name: on production, and where a migration, `database drop` or `local reset` loses data
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) confirm: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Saved connections
    #[command(subcommand)]
    Connection(connection::Connection),
    /// The private server on this computer
    #[command(subcommand)]
    Local(local::Local),
    /// The databases of a server
    #[command(subcommand)]
    Database(database::DatabaseVerb),
    /// Sample data
    #[command(subcommand)]
    Demo(demo::Demo),
    /// The schema's migrations
    Migrate(migrate::Migrate),
    /// Tables, columns, indexes, constraints
    #[command(subcommand)]
    Schema(schema::Schema),
    /// Evaluation runs
    #[command(subcommand)]
    Run(run::Run),
    /// Run SQL and print its rows
    Query(query::Query),
    /// Results of a run
    #[command(subcommand)]
    Result(result::Results),
    /// Spans and their conversations
    #[command(subcommand)]
    Span(span::Span),
    /// How the database is
    #[command(subcommand)]
    Health(health::Health),
    /// Vacuum and analyze
    #[command(subcommand)]
    Maintain(maintain::Maintain),
    /// Charts as SVG or PNG
    #[command(subcommand)]
    Chart(chart::Chart),
    /// Long actions, of this and other processes
    #[command(subcommand)]
    Job(job::Job),
    /// The audit log
    Audit {
        /// From a day (2026-11-22) or moment on; the last 30 days without it
        #[arg(long, value_name = "T")]
        since: Option<String>,
    },
    /// Any command of the facade, by name
    Call {
        /// The command's name
        #[arg(required_unless_present = "list")]
        name: Option<String>,
        /// Its arguments as JSON
        #[arg(default_value = "{}", hide_default_value = true)]
        arguments: String,
        /// Name all commands
        #[arg(long)]
        list: bool,
    },
}

impl Verb {
    /// What the command line says about migrating, for the session.
    pub(crate) fn migration_wishes(&self) -> MigrationWishes {
        match self {
            Self::Migrate(migrate) => migrate.wishes(),
            _ => MigrationWishes::default(),
        }
    }
}
