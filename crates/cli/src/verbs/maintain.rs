//! `evaldesk maintain`

use clap::Subcommand;
use evaldesk_api::Result;
use evaldesk_api::commands::{
    MaintenanceApplyArguments, MaintenancePlanArguments, maintenance_apply, maintenance_plan,
};
use evaldesk_api::core::catalog::TableName;
use evaldesk_api::core::maintenance::{VacuumRequest, VacuumWork};

use super::Context;
use crate::{follow, print};

#[derive(Subcommand)]
pub(crate) enum Maintain {
    /// VACUUM (ANALYZE) tables: dead rows become room, statistics become fresh
    Vacuum {
        /// Tables, as name or schema.name; the four evaluation tables without any
        tables: Vec<String>,
        /// Show what would run and stop
        #[arg(long)]
        plan: bool,
    },
}

pub(crate) async fn run(context: &Context, verb: Maintain) -> Result<()> {
    let Maintain::Vacuum { tables, plan: only_plan } = verb;
    let connection = context.connection()?;
    let tables = tables.iter().map(|name| table_name(name)).collect();
    let request = VacuumRequest { tables, work: VacuumWork::VacuumAnalyze };
    let arguments = MaintenancePlanArguments { connection: connection.clone(), request };
    let plan = maintenance_plan(&context.session, arguments).await?;
    if only_plan {
        return context.show(&plan, print::vacuum_plan);
    }
    let arguments = MaintenanceApplyArguments { connection, plan, confirm: context.common.confirm.clone() };
    let started = maintenance_apply(&context.session, arguments).await?;
    let outcome = follow::follow(&context.session, &started.job).await?;
    if context.common.json {
        return print::json(&outcome);
    }
    print::vacuum_outcome(&follow::read(outcome)?);
    Ok(())
}

fn table_name(name: &str) -> TableName {
    match name.split_once('.') {
        Some((schema, table)) => TableName::new(schema, table),
        None => TableName::new("public", name),
    }
}
