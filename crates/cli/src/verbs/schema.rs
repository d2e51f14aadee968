//! `evaldesk schema`

use clap::Subcommand;
use evaldesk_api::Result;
use evaldesk_api::commands::{TableArguments, TableListArguments, table_list, table_show};
use evaldesk_api::core::catalog::TableName;

use super::Context;
use crate::print::{self, Align, Table};

#[derive(Subcommand)]
pub(crate) enum Schema {
    /// Show all tables, or one with its columns, indexes and constraints
    Show { table: Option<String> },
}

pub(crate) async fn run(context: &Context, verb: Schema) -> Result<()> {
    let connection = context.connection()?;
    let Schema::Show { table } = verb;
    match table {
        None => tables(context, connection).await,
        Some(name) => one(context, connection, &name).await,
    }
}

async fn tables(context: &Context, connection: String) -> Result<()> {
    let tables = table_list(&context.session, TableListArguments { connection, schema: None }).await?;
    if context.common.json {
        return print::json(&tables);
    }
    let mut printed = Table::new(&[("Schema", Align::Left), ("Table", Align::Left), ("Total", Align::Right)]);
    for table in tables {
        printed.row([table.schema, table.name, print::bytes(table.total_bytes)]);
    }
    printed.print();
    Ok(())
}

async fn one(context: &Context, connection: String, name: &str) -> Result<()> {
    let table = match name.split_once('.') {
        Some((schema, name)) => TableName::new(schema, name),
        None => TableName::new("public", name),
    };
    let detail = table_show(&context.session, TableArguments { connection, table }).await?;
    if context.common.json {
        return print::json(&detail);
    }
    let mut columns = Table::new(&["Column", "Type", "Null", "Default"].map(|head| (head, Align::Left)));
    for column in &detail.columns {
        let null = if column.nullable { "yes" } else { "no" };
        columns.row([
            column.name.clone(),
            column.type_name.clone(),
            null.to_owned(),
            column.default.clone().unwrap_or_default(),
        ]);
    }
    columns.print();
    for index in &detail.indexes {
        print::line(&format!("index {}: {}", index.name, index.definition));
    }
    for constraint in &detail.constraints {
        print::line(&format!("constraint {}: {}", constraint.name, constraint.definition));
    }
    Ok(())
}
