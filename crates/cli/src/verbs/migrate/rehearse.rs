//! `evaldesk migrate rehearse`: a plan for real, and back again.

use clap::{Args, ValueEnum};
use evaldesk_api::commands::{MigrateRehearseArguments, migrate_rehearsal_list, migrate_rehearse};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::migrate::{MigrationRequest, Rehearsal, RehearsalPlace, RehearsalRequest};
use evaldesk_api::{ErrorReport, Result};

use super::arguments::Way;
use super::plan::plan;
use crate::verbs::Context;
use crate::{follow, print};

/// What to rehearse, and where.
#[derive(Args)]
pub(super) struct Rehearse {
    /// The verb to rehearse; everything pending without one
    #[command(subcommand)]
    pub(super) way: Option<Way>,
    /// In the database itself, where its locks are really taken, or in a copy of its schema or of all of it
    #[arg(long, value_name = "PLACE", value_enum, default_value_t, global = true)]
    on: Place,
    /// How long a statement may run, in milliseconds; 0 for as long as it takes
    #[arg(long, value_name = "MS", default_value_t = 60_000, global = true)]
    statement_timeout: u32,
    /// How long a statement waits for a lock, in milliseconds; may stand behind the verb too
    #[arg(long, value_name = "MS", default_value_t = 2_000)]
    lock_timeout: u32,
    /// What was rehearsed here before, newest first
    #[arg(long)]
    list: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Place {
    #[default]
    Here,
    Schema,
    Clone,
}

impl From<Place> for RehearsalPlace {
    fn from(place: Place) -> Self {
        match place {
            Place::Here => Self::Here,
            Place::Schema => Self::Schema,
            Place::Clone => Self::Clone,
        }
    }
}

pub(super) async fn run(context: &Context, rehearse: Rehearse) -> Result<()> {
    if rehearse.list {
        let list = migrate_rehearsal_list(&context.session, context.target()?).await?;
        return context.show(&list, |list| print::migrate::rehearsals(list));
    }
    let request = rehearse.way.as_ref().map_or(MigrationRequest::Up, Way::request);
    let plan = plan(context, request.clone()).await?;
    if plan.steps.is_empty() {
        print::note("Nothing to do.");
        return context.show(&plan, print::migrate::notices);
    }
    let arguments = MigrateRehearseArguments {
        connection: context.connection()?,
        request,
        rehearsal: RehearsalRequest {
            place: rehearse.on.into(),
            lock_timeout_ms: lock_timeout(&rehearse),
            statement_timeout_ms: rehearse.statement_timeout,
        },
        confirm: context.common.confirm.clone(),
    };
    let started = migrate_rehearse(&context.session, arguments).await?;
    let rehearsal: Rehearsal = follow::read(follow::follow(&context.session, &started.job).await?)?;
    context.show(&rehearsal, print::migrate::rehearsal)?;
    judge(&rehearsal)
}

/// The verb has an option of this name as well: whoever writes it there means the rehearsal.
fn lock_timeout(rehearse: &Rehearse) -> u32 {
    let of_the_verb = rehearse.way.as_ref().and_then(Way::lock_timeout);
    of_the_verb.map_or(rehearse.lock_timeout, |ms| u32::try_from(ms).unwrap_or(u32::MAX))
}

/// What would fail for real ends the program with 1.
fn judge(rehearsal: &Rehearsal) -> Result<()> {
    if rehearsal.summary.passed {
        return Ok(());
    }
    let what = format!("the rehearsal on {} failed: {}", rehearsal.summary.database, rehearsal.summary.words);
    Err(ErrorReport::new(ErrorKind::Precondition, what).hint(
        "Nothing of it was kept. Mend what stopped it (a file, or who was in the way), and rehearse again.",
    ))
}
