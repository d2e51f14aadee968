//! `evaldesk audit`

use evaldesk_api::Result;
use evaldesk_api::commands::{AuditListArguments, audit_list};

use super::Context;
use crate::print::{self, Align, Table};

pub(crate) async fn run(context: &Context, since: Option<String>) -> Result<()> {
    let entries = audit_list(&context.session, AuditListArguments { since }).await?;
    if context.common.json {
        return print::json(&entries);
    }
    let heads = ["At", "Who", "Action", "On", "What", "Outcome"].map(|head| (head, Align::Left));
    let mut table = Table::new(&heads);
    for entry in entries {
        table.row([
            entry.at,
            entry.actor,
            entry.action,
            entry.target.unwrap_or_default(),
            entry.subject,
            entry.outcome,
        ]);
    }
    table.print();
    Ok(())
}
