//! `evaldesk migrate`: the verbs' grammar. What each does is in `migrate/`, what it prints in `print/migrate/`.

mod adopt;
mod arguments;
mod change;
mod lint;
mod log;
mod new;
mod plan;
mod rehearse;
mod repair;
mod status;
mod twins;
mod verify;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use evaldesk_api::{MigrationWishes, Result};

use super::Context;
use arguments::Way;
use plan::Format;

/// The schema's migrations.
#[derive(Args)]
pub(crate) struct Migrate {
    /// Take the migration files of this folder instead of the connection's own
    #[arg(long, global = true, value_name = "DIR")]
    folder: Option<PathBuf>,
    #[command(subcommand)]
    verb: MigrateVerb,
}

#[derive(Subcommand)]
enum MigrateVerb {
    /// Tell what each migration is here: up, down, or in need of a decision
    Status {
        /// Every connection of the same files side by side, migrations by rows
        #[arg(long)]
        all: bool,
    },
    #[command(flatten)]
    Change(Way),
    /// Show what a verb would run: statements, locks, sizes, who is in the way. Changes nothing
    Plan {
        /// The verb to plan; everything pending without one
        #[command(subcommand)]
        way: Option<Way>,
        /// How to print the plan
        #[arg(long, value_enum, default_value_t, global = true)]
        format: Format,
    },
    /// Tell what in the files is dangerous, and how to write it instead
    Lint(lint::Lint),
    /// Run the verify files: whether the objects of what is up are there
    Verify {
        /// One version; every version that is recorded without it
        version: Option<String>,
        /// Compare the schema with what the migrations make in a scratch database
        #[arg(long)]
        drift: bool,
    },
    /// Run a plan for real and take it back, measuring its locks, rewrites and times
    Rehearse(rehearse::Rehearse),
    /// List what needs a decision; with VERSION VERB, show what that verb would do, ask, and do it
    Repair(repair::Repair),
    /// Show what another tool has migrated and what of ours stands there; runs nothing
    Adopt {
        /// Write the versions down that match
        #[arg(long)]
        apply: bool,
        #[command(flatten)]
        manner: arguments::Manner,
    },
    /// Write the files of a new version, in the format of the folder's others
    New {
        /// In words, or as a file has it: "Add score index", add_score_index
        name: String,
        /// Write a Ruby file of the same version into this folder too, for rake
        #[arg(long, value_name = "DIR")]
        ruby: Option<String>,
    },
    /// What ran here, newest first; with an id, one entry and the texts of its files
    Log {
        /// An entry, as the last column of the list has it
        id: Option<String>,
        /// Of one version
        #[arg(long, conflicts_with = "id")]
        version: Option<String>,
        /// So many entries (200 without it)
        #[arg(long, value_name = "N", conflicts_with = "id")]
        limit: Option<u32>,
    },
}

impl Migrate {
    /// What the command line wishes beside the connection's settings.
    pub(crate) fn wishes(&self) -> MigrationWishes {
        let wishes = match &self.verb {
            MigrateVerb::Change(way)
            | MigrateVerb::Plan { way: Some(way), .. }
            | MigrateVerb::Rehearse(rehearse::Rehearse { way: Some(way), .. }) => way.wishes(),
            MigrateVerb::Adopt { manner, .. } => manner.wishes(),
            MigrateVerb::Repair(repair) => repair.wishes(),
            _ => MigrationWishes::default(),
        };
        MigrationWishes { folder: self.folder.clone(), ..wishes }
    }
}

pub(crate) async fn run(context: &Context, migrate: Migrate) -> Result<()> {
    match migrate.verb {
        MigrateVerb::Status { all: false } => status::one(context).await,
        MigrateVerb::Status { all: true } => status::all(context).await,
        MigrateVerb::Change(way) => change::run(context, &way).await,
        MigrateVerb::Plan { way, format } => plan::run(context, way, format).await,
        MigrateVerb::Lint(lint) => lint::run(context, lint).await,
        MigrateVerb::Verify { version, drift } => verify::run(context, version, drift).await,
        MigrateVerb::Rehearse(rehearse) => rehearse::run(context, rehearse).await,
        MigrateVerb::Repair(repair) => repair::run(context, repair).await,
        MigrateVerb::Adopt { apply, .. } => adopt::run(context, apply).await,
        MigrateVerb::New { name, ruby } => new::run(context, name, ruby).await,
        MigrateVerb::Log { id: Some(id), .. } => log::show(context, &id).await,
        MigrateVerb::Log { id: None, version, limit } => log::list(context, version, limit).await,
    }
}
