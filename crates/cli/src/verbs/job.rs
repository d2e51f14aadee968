//! `evaldesk job`

use clap::Subcommand;
use evaldesk_api::Result;
use evaldesk_api::commands::{JobArguments, NoArguments, job_cancel, job_list, job_show};

use super::Context;
use crate::print::{self, Align, Table};

#[derive(Subcommand)]
pub(crate) enum Job {
    /// List jobs of this and other processes, newest first
    List,
    /// Show one job
    Show { id: String },
    /// Ask a job to end
    Cancel { id: String },
}

pub(crate) async fn run(context: &Context, verb: Job) -> Result<()> {
    match verb {
        Job::List => list(context).await,
        Job::Show { id } => {
            let job = job_show(&context.session, JobArguments { job: id }).await?;
            context.show(&job, print::job)
        }
        Job::Cancel { id } => cancel(context, id).await,
    }
}

async fn cancel(context: &Context, id: String) -> Result<()> {
    let job = JobArguments { job: id };
    job_cancel(&context.session, job.clone()).await?;
    let asked = job_show(&context.session, job).await?;
    if context.common.json {
        return print::json(&asked);
    }
    print::note(&format!(
        "Asked to cancel: {}. `evaldesk job show {}` tells how it ended.",
        asked.title, asked.id
    ));
    Ok(())
}

async fn list(context: &Context) -> Result<()> {
    let jobs = job_list(&context.session, NoArguments {}).await?;
    if context.common.json {
        return print::json(&jobs);
    }
    let mut table = Table::new(&["Id", "State", "Started", "What", "Phase"].map(|head| (head, Align::Left)));
    for job in jobs {
        table.row([
            job.id,
            format!("{:?}", job.state).to_lowercase(),
            job.started_at,
            job.title,
            job.progress.phase,
        ]);
    }
    table.print();
    Ok(())
}
