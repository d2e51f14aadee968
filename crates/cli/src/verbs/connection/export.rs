//! `evaldesk connection export` and `database-yml`: connections written down for somebody else, without secrets.

use evaldesk_api::Result;
use evaldesk_api::commands::{
    ConnectionArguments, ConnectionExportArguments, connection_database_yml, connection_export,
};

use super::super::Context;
use crate::print;

pub(super) async fn export(context: &Context, connections: Vec<String>, out: Option<String>) -> Result<()> {
    let written = out.is_some();
    let arguments = ConnectionExportArguments { connections, path: out };
    let exported = connection_export(&context.session, arguments).await?;
    match &exported.path {
        Some(path) if written && !context.common.json => print::note(&format!("Written to {path}.")),
        Some(_) => print::json(&exported)?,
        None => print::line(&exported.text),
    }
    Ok(())
}

pub(super) async fn database_yml(context: &Context, name: Option<String>) -> Result<()> {
    let connection = context.connection_named(name)?;
    let file = connection_database_yml(&context.session, ConnectionArguments { connection }).await?;
    context.show(&file, |file| {
        print::line(file.text.trim_end());
        file.notes.iter().for_each(|note| print::note(note));
    })
}
