//! What adopting would write down, version by version, and what it stands on.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use ts_rs::TS;

use super::detect::detect_on;
use super::judge::{by_checksum, judge};
use super::tool::{FoundTool, FoundVersion};
use super::trace::{Traces, trace};
use super::verdict::AdoptVersion;
use crate::connection::Database;
use crate::migrate::assess::{Assessed, Assessment};
use crate::migrate::file::Migration;
use crate::migrate::{LedgerKind, LedgerPlace, MigrationContext, MigrationFormat, Version};
use crate::sql::SafeSql;
use crate::{Error, Result};

/// Everything that adopting would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AdoptPlan {
    pub hash: String,
    pub database: String,
    /// "embedded", or the folder.
    pub origin: String,
    pub tools: Vec<FoundTool>,
    /// Every version of the files, oldest first.
    pub versions: Vec<AdoptVersion>,
    pub ledger: LedgerKind,
    /// Where a version is written down that stands nowhere yet.
    pub ledger_place: LedgerPlace,
    /// The statements that make our own ledger, where it has to be made: the only ones that change a schema.
    pub makes_ledger: Vec<String>,
    /// The rows that are written, as statements.
    pub records: Vec<String>,
    /// Why it cannot be applied as things are, and what would help.
    pub blocked: Option<String>,
    /// What a person should know before saying yes.
    pub notices: Vec<String>,
}

/// Looks what others have applied, and which versions of ours stand there. Changes nothing in the database itself; a version
/// with neither a verify file nor a checksum is run on nothing beside it (`scratch`).
pub async fn plan_adopt(database: &Database, context: &MigrationContext) -> Result<AdoptPlan> {
    let mut session = database.pool().acquire().await?;
    plan_on(database, &mut session, context).await
}

/// Plans on a session that may hold the locks already.
pub(super) async fn plan_on(
    database: &Database,
    session: &mut PgConnection,
    context: &MigrationContext,
) -> Result<AdoptPlan> {
    let mut tools = detect_on(session).await?;
    tools.retain(|found| found.certain || is_anothers(found, context));
    let assessment = Assessment::read(session, context).await?;
    let traces = traces(database, session, &assessment, &tools, context).await?;
    let versions: Vec<AdoptVersion> = assessment
        .versions
        .iter()
        .map(|assessed| judge(assessed, &assessment, &tools, &traces, context))
        .collect();
    let name: String = sqlx::query_scalar("select current_database()::text").fetch_one(session).await?;
    let mut plan = AdoptPlan {
        hash: String::new(),
        database: name,
        origin: context.set.origin().to_owned(),
        ledger: assessment.ledger.kind,
        ledger_place: assessment.ledger.place,
        makes_ledger: Vec::new(),
        records: versions.iter().filter(|version| version.binds()).map(record_in_words).collect(),
        blocked: None,
        notices: notices(&tools),
        tools,
        versions,
    };
    plan.make_ledger(&assessment)?;
    plan.hash = plan.sum()?;
    Ok(plan)
}

/// A ledger that looks like ours is another's where the files are dbmate's, or it holds what no file here is of.
fn is_anothers(found: &FoundTool, context: &MigrationContext) -> bool {
    let has_file = |row: &FoundVersion| context.set.get(&Version::new(&row.version)).is_some();
    context.set.format() == MigrationFormat::Dbmate || !found.versions.iter().all(has_file)
}

/// Only what no verify file and no checksum decides is run on nothing.
async fn traces(
    database: &Database,
    session: &mut PgConnection,
    assessment: &Assessment<'_>,
    tools: &[FoundTool],
    context: &MigrationContext,
) -> Result<Traces> {
    let open = |assessed: &&Assessed<'_>| {
        !assessed.is_recorded()
            && assessed.migration.verify.is_none()
            && by_checksum(assessed.migration, tools, context).is_none()
    };
    if !assessment.versions.iter().any(|assessed| open(&assessed)) {
        return Ok(Traces::new());
    }
    // What stands on others is told apart only together with them.
    let all: Vec<&Migration> = assessment.versions.iter().map(|assessed| assessed.migration).collect();
    trace(database, session, &all).await
}

fn notices(tools: &[FoundTool]) -> Vec<String> {
    tools
        .iter()
        .filter_map(|found| found.problem.clone())
        .map(|problem| format!("{problem}. Mend that with the tool itself first."))
        .collect()
}

/// As a person reads it; what runs binds its values.
fn record_in_words(version: &AdoptVersion) -> String {
    match version.place {
        Some(LedgerPlace::Own) => format!(
            "insert into evaldesk.migration_ledger (version, name, baselined) values ('{}', '{}', true)",
            version.version, version.name
        ),
        _ => format!("insert into schema_migrations (version) values ('{}')", version.version),
    }
}

impl AdoptPlan {
    /// How many versions it writes down.
    pub fn binds(&self) -> usize {
        self.versions.iter().filter(|version| version.binds()).count()
    }

    /// The versions that it writes down.
    pub(super) fn bound(&self) -> impl Iterator<Item = &Version> {
        self.versions.iter().filter(|version| version.binds()).map(|version| &version.version)
    }

    /// What has to be made first, and whether it may be.
    fn make_ledger(&mut self, assessment: &Assessment<'_>) -> Result<()> {
        let ledger = &assessment.ledger;
        let places: Vec<LedgerPlace> = self.versions.iter().filter_map(|version| version.place).collect();
        if places.is_empty() {
            return Ok(());
        }
        let refused = self.bound().find_map(|version| ledger.check_usable(version).err());
        if let Some(error) = refused {
            self.blocked = Some(in_words(&error));
            return Ok(());
        }
        let text = |sql: SafeSql| sql.as_str().to_owned();
        if places.contains(&LedgerPlace::Shared) {
            self.makes_ledger.extend(ledger.create()?.map(text));
        }
        match ledger.own_schema_statements() {
            Ok(statements) => self.makes_ledger.extend(statements.into_iter().map(text)),
            Err(error) => self.blocked = Some(in_words(&error)),
        }
        Ok(())
    }

    fn sum(&self) -> Result<String> {
        let versions: Vec<_> =
            self.versions.iter().map(|version| (&version.version, &version.verdict)).collect();
        let text = serde_json::to_string(&(
            &self.database,
            &self.origin,
            versions,
            &self.makes_ledger,
            &self.records,
        ))?;
        Ok(Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

fn in_words(error: &Error) -> String {
    let hint = error.hint_text().map_or(String::new(), |hint| format!(" {hint}"));
    format!("{}.{hint}", error.message())
}
