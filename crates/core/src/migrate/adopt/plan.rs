//! What adopting would write down, version by version, and what it stands on.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use ts_rs::TS;

use super::detect::detect_on;
use super::tool::{FoundState, FoundTool, FoundVersion, MigrationTool};
use super::trace::{Traces, trace};
use super::verdict::{AdoptVerdict, AdoptVersion, BoundBy};
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

/// Looks what others have applied, and which versions of ours stand there. Changes nothing.
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

fn judge(
    assessed: &Assessed<'_>,
    assessment: &Assessment<'_>,
    tools: &[FoundTool],
    traces: &Traces,
    context: &MigrationContext,
) -> AdoptVersion {
    let migration = assessed.migration;
    let verdict = verdict(assessed, tools, traces, context);
    let binds = matches!(verdict, AdoptVerdict::Binds { .. });
    let mut notes: Vec<String> = Vec::new();
    if binds {
        notes.extend(assessed.in_words());
    }
    AdoptVersion {
        version: migration.version.clone(),
        name: migration.name.clone(),
        place: binds.then(|| assessment.ledger.place_of(&migration.version)),
        recorded_by: recorded_by(&migration.version, tools),
        verdict,
        notes,
    }
}

fn verdict(
    assessed: &Assessed<'_>,
    tools: &[FoundTool],
    traces: &Traces,
    context: &MigrationContext,
) -> AdoptVerdict {
    let migration = assessed.migration;
    match by_checksum(migration, tools, context) {
        // Other bytes are told also where sqlx's table is the ledger.
        Some(AdoptVerdict::Differs { why }) => return AdoptVerdict::Differs { why },
        _ if assessed.is_recorded() => return AdoptVerdict::Recorded,
        Some(verdict) => return verdict,
        None => {}
    }
    if assessed.in_place() {
        return AdoptVerdict::Binds { by: BoundBy::Verify };
    }
    if assessed.problems.is_some() {
        return AdoptVerdict::NotThere { why: assessed.in_words().unwrap_or_default() };
    }
    let traced = traces.iter().find(|(version, _)| *version == migration.version);
    traced.map_or_else(
        || AdoptVerdict::Unknown { why: "it has no verify file, and nothing shows what it makes".to_owned() },
        |(_, verdict)| verdict.clone(),
    )
}

/// Where sqlx applied a version of this number, its checksum is the word on it: the same bytes are the same migration.
/// Other bytes may be another migration of that number, where the files are not sqlx's and have their own proof.
fn by_checksum(
    migration: &Migration,
    tools: &[FoundTool],
    context: &MigrationContext,
) -> Option<AdoptVerdict> {
    let sqlx = tools.iter().find(|found| found.tool == MigrationTool::Sqlx)?;
    let row = sqlx.versions.iter().find(|row| Version::new(&row.version) == migration.version)?;
    if row.state != FoundState::Applied {
        return Some(AdoptVerdict::Differs { why: format!("sqlx has it as broken off in {}", sqlx.table) });
    }
    if row.checksum.as_deref() == Some(migration.up.sha384.as_str()) {
        return Some(AdoptVerdict::Binds { by: BoundBy::Checksum });
    }
    let is_sqlx = context.set.format() == MigrationFormat::Sqlx || migration.verify.is_none();
    is_sqlx.then(|| AdoptVerdict::Differs {
        why: format!(
            "{} is not the file that sqlx applied: its SHA-384 begins with {}, sqlx wrote {}",
            migration.up.file,
            short(&migration.up.sha384),
            short(row.checksum.as_deref().unwrap_or("none"))
        ),
    })
}

fn short(sum: &str) -> String {
    sum.chars().take(12).collect()
}

fn recorded_by(version: &Version, tools: &[FoundTool]) -> Vec<MigrationTool> {
    let counts = tools.iter().filter(|found| found.tool.counts_versions());
    let holds = |found: &&FoundTool| {
        found
            .versions
            .iter()
            .any(|row| row.state == FoundState::Applied && Version::new(&row.version) == *version)
    };
    counts.filter(holds).map(|found| found.tool).collect()
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
