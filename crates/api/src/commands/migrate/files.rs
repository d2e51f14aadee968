//! Writing migration files: new ones, and a text that is being worked on.

use std::path::Path;

use evaldesk_core::migrate::{
    self, Direction, MigrationPlan, MigrationSet, MigrationSource, NewMigration, ScriptRole, Version, rails,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Result, Session};

/// What to call a new migration.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrateNewArguments {
    pub connection: String,
    /// In words or as a file has it: "Add score index", `add_score_index`.
    pub name: String,
    /// A folder of Rails' into which a Ruby file of the same version is written too.
    #[serde(default)]
    pub ruby: Option<String>,
}

/// A text to put in the place of a script.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrateWriteArguments {
    pub connection: String,
    pub version: Version,
    pub role: ScriptRole,
    pub text: String,
    /// SHA-384 of the text that the change was made on; absent where there was none.
    #[serde(default)]
    pub read: Option<String>,
}

/// Writes the files of a new version.
pub async fn migrate_new(session: &Session, arguments: MigrateNewArguments) -> Result<NewMigration> {
    let set = session.migration_context(&arguments.connection)?.set;
    let mut made = migrate::new_migration(&set, &arguments.name, session.clock().now())?;
    if let Some(folder) = arguments.ruby {
        let set = session.migration_context(&arguments.connection)?.set;
        let twin = rails::write_twin(Path::new(&folder), set.require(&made.version)?)?;
        made.files.push(twin.display().to_string());
    }
    Ok(made)
}

/// Writes what goes up as Ruby too, where the session wishes so: rake must know a version before its row is there.
pub(super) fn write_twins(session: &Session, set: &MigrationSet, plan: &MigrationPlan) -> Result<()> {
    let Some(folder) = session.ruby_folder() else { return Ok(()) };
    for step in plan.steps.iter().filter(|step| step.direction == Direction::Up) {
        rails::write_twin(folder, set.require(&step.version)?)?;
    }
    Ok(())
}

/// Changes one script of a version, unless somebody else has changed it since it was read.
pub async fn migrate_write(session: &Session, arguments: MigrateWriteArguments) -> Result<MigrationSource> {
    let set = session.migration_context(&arguments.connection)?.set;
    let MigrateWriteArguments { version, role, text, read, .. } = arguments;
    Ok(migrate::write_script(&set, &version, role, &text, read.as_deref())?)
}
