//! `evaldesk migrate new`.

use evaldesk_api::Result;
use evaldesk_api::commands::{MigrateNewArguments, migrate_new};

use crate::print;
use crate::verbs::Context;

pub(super) async fn run(context: &Context, name: String, ruby: Option<String>) -> Result<()> {
    let arguments = MigrateNewArguments { connection: context.connection()?, name, ruby };
    let made = migrate_new(&context.session, arguments).await?;
    context.show(&made, |made| made.files.iter().for_each(|file| print::line(file)))
}
