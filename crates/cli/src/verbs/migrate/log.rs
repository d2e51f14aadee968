//! `evaldesk migrate log`.

use evaldesk_api::commands::{
    MigrateLogArguments, MigrateLogEntryArguments, migrate_log_list, migrate_log_show,
};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::migrate::Version;
use evaldesk_api::{ErrorReport, Result};

use crate::print;
use crate::verbs::Context;

pub(super) async fn list(context: &Context, version: Option<String>, limit: Option<u32>) -> Result<()> {
    let arguments =
        MigrateLogArguments { connection: context.connection()?, version: version.map(Version::new), limit };
    let log = migrate_log_list(&context.session, arguments).await?;
    context.show(&log, print::migrate::log)
}

pub(super) async fn show(context: &Context, id: &str) -> Result<()> {
    let id = serde_json::from_value(id.into()).map_err(|_| {
        ErrorReport::new(ErrorKind::InvalidArguments, format!("{id} is not the id of an entry"))
            .hint("`evaldesk migrate log` lists them; `--version` narrows them to one version.")
    })?;
    let arguments = MigrateLogEntryArguments { connection: context.connection()?, id };
    let entry = migrate_log_show(&context.session, arguments).await?;
    context.show(&entry, print::migrate::log_entry)
}
