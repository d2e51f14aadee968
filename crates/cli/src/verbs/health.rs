//! `evaldesk health`

use clap::Subcommand;
use evaldesk_api::Result;
use evaldesk_api::commands::{index_sizes, overview_show};
use evaldesk_api::core::health::Count;

use super::Context;
use crate::print::{self, Align, Table};

#[derive(Subcommand)]
pub(crate) enum Health {
    /// What is in the database and what needs attention
    Report,
    /// Index sizes and scans, largest first
    Indexes,
}

pub(crate) async fn run(context: &Context, verb: Health) -> Result<()> {
    match verb {
        Health::Report => report(context).await,
        Health::Indexes => indexes(context).await,
    }
}

async fn report(context: &Context) -> Result<()> {
    let reply = overview_show(&context.session, context.target()?).await?;
    if context.common.json {
        return print::json(&reply);
    }
    let overview = &reply.overview;
    print::line(&format!(
        "{}: PostgreSQL {}, as {}",
        overview.database, overview.server_version, overview.role
    ));
    let mut table = Table::new(&[("Table", Align::Left), ("Rows", Align::Right), ("Total", Align::Right)]);
    for size in &overview.tables {
        table.row([size.name.clone(), rows(&size.rows), print::bytes(size.total_bytes)]);
    }
    table.print();
    for attention in &overview.attention {
        print::line(&format!("{}: {}", attention.title, attention.detail));
    }
    Ok(())
}

/// An estimate says that it is one.
fn rows(count: &Count) -> String {
    match count.rows {
        Some(rows) if count.exact => print::count(rows.unsigned_abs()),
        Some(rows) => format!("about {}", print::count(rows.unsigned_abs())),
        None => "unknown".to_owned(),
    }
}

async fn indexes(context: &Context) -> Result<()> {
    let sizes = index_sizes(&context.session, context.target()?).await?;
    if context.common.json {
        return print::json(&sizes);
    }
    let mut table = Table::new(&[
        ("Index", Align::Left),
        ("Table", Align::Left),
        ("Method", Align::Left),
        ("Size", Align::Right),
        ("Scans", Align::Right),
    ]);
    for size in sizes {
        let scans =
            size.scans.map_or_else(|| "unknown".to_owned(), |scans| print::count(scans.unsigned_abs()));
        table.row([size.index, size.table, size.method, print::bytes(size.bytes), scans]);
    }
    table.print();
    Ok(())
}
