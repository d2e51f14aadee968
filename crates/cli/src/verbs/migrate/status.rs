//! `evaldesk migrate status`: one database, or every connection of the same files.

use evaldesk_api::Result;
use evaldesk_api::commands::{MigrateMatrixArguments, migrate_matrix, migrate_status};

use crate::print;
use crate::verbs::Context;

pub(super) async fn one(context: &Context) -> Result<()> {
    let status = migrate_status(&context.session, context.target()?).await?;
    context.show(&status, print::migrate::status)
}

pub(super) async fn all(context: &Context) -> Result<()> {
    let arguments = MigrateMatrixArguments { connection: context.connection_if_named()?, open: true };
    let matrix = migrate_matrix(&context.session, arguments).await?;
    context.show(&matrix, print::migrate::matrix)
}
