//! What a vacuum would do: one statement a table, its lock in words, and the tables that will be left out and why.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;

use crate::catalog::{EVALUATION_TABLES, TableName};
use crate::connection::Database;
use crate::ident::QualifiedName;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// What is to be done with each table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VacuumWork {
    /// Space for new rows and fresh statistics.
    #[default]
    VacuumAnalyze,
    /// Space for new rows.
    Vacuum,
    /// Fresh statistics.
    Analyze,
}

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct VacuumRequest {
    /// Empty for the four evaluation tables.
    pub tables: Vec<TableName>,
    pub work: VacuumWork,
}

/// Why a table is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum SkipReason {
    /// There is no such table.
    Missing,
    /// It holds no rows of its own: a view, a foreign table.
    NotATable,
    /// The role may not: the server would only warn and do nothing.
    NotPermitted { owner: String },
    /// Another session vacuums it right now; ours would wait for it.
    BeingVacuumed { pid: i32 },
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VacuumStep {
    pub table: TableName,
    /// The statement; absent where the table is left out.
    pub sql: Option<String>,
    pub skip: Option<SkipReason>,
    /// Why it is left out, in words.
    pub skip_text: Option<String>,
    pub lock: String,
    pub consequence: String,
    /// By the server's running count.
    #[ts(type = "number | null")]
    pub live_rows: Option<i64>,
    #[ts(type = "number | null")]
    pub dead_rows: Option<i64>,
    /// With its indexes and large values; a partitioned table with its partitions.
    #[ts(type = "number | null")]
    pub bytes: Option<i64>,
    /// By whomever, in UTC.
    pub last_vacuum: Option<String>,
    pub last_analyze: Option<String>,
}

/// Every table, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VacuumPlan {
    pub hash: String,
    pub request: VacuumRequest,
    pub database: String,
    pub steps: Vec<VacuumStep>,
}

impl VacuumPlan {
    /// What it would do, for a job's title: "Vacuum and analyze 4 tables of raaf_eval".
    pub fn title(&self) -> String {
        let verb = match self.request.work {
            VacuumWork::VacuumAnalyze => "Vacuum and analyze",
            VacuumWork::Vacuum => "Vacuum",
            VacuumWork::Analyze => "Analyze",
        };
        let count = self.steps.iter().filter(|step| step.skip.is_none()).count();
        let noun = if count == 1 { "table" } else { "tables" };
        format!("{verb} {count} {noun} of {}", self.database)
    }
}

#[derive(sqlx::FromRow)]
struct Found {
    schema: Option<String>,
    name: String,
    kind: Option<String>,
    permitted: bool,
    owner: Option<String>,
    live_rows: Option<i64>,
    dead_rows: Option<i64>,
    bytes: Option<i64>,
    last_vacuum: Option<String>,
    last_analyze: Option<String>,
    vacuumed_by: Option<i32>,
}

/// Plans vacuum and analyze of these tables; none means the four evaluation tables.
pub async fn plan_vacuum_analyze(database: &Database, tables: Vec<QualifiedName>) -> Result<VacuumPlan> {
    let table = |name: QualifiedName| TableName::new(name.schema.as_str(), name.name.as_str());
    let tables = tables.into_iter().map(table).collect();
    plan_vacuum(database, VacuumRequest { tables, work: VacuumWork::VacuumAnalyze }).await
}

/// Plans. Only reads.
pub async fn plan_vacuum(database: &Database, request: VacuumRequest) -> Result<VacuumPlan> {
    let (schemas, names): (Vec<Option<&str>>, Vec<&str>) = match request.tables.as_slice() {
        [] => EVALUATION_TABLES.iter().map(|name| (None, *name)).unzip(),
        tables => tables.iter().map(|table| (Some(table.schema.as_str()), table.name.as_str())).unzip(),
    };
    let sql = include_str!("plan.sql");
    let found: Vec<Found> = sqlx::query_as(sql).bind(schemas).bind(names).fetch_all(database.pool()).await?;
    let name: String =
        sqlx::query_scalar("select current_database()::text").fetch_one(database.pool()).await?;
    let steps: Vec<_> = found.into_iter().map(|found| found.step(request.work)).collect();
    let hash = hash(&name, &request, &steps)?;
    Ok(VacuumPlan { hash, request, database: name, steps })
}

/// Over what is done, not over counts: those change while a person reads.
fn hash(database: &str, request: &VacuumRequest, steps: &[VacuumStep]) -> Result<String> {
    let steps: Vec<_> = steps.iter().map(|step| (&step.table, &step.sql, &step.skip)).collect();
    let text = serde_json::to_string(&(database, request, steps))?;
    Ok(Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
}

impl Found {
    fn step(self, work: VacuumWork) -> VacuumStep {
        let skip = self.skip();
        let table = TableName::new(self.schema.unwrap_or_default(), self.name);
        VacuumStep {
            sql: skip.is_none().then(|| work.statement(&table.qualified()).to_string()),
            skip_text: skip.as_ref().map(|skip| skip.in_words(&table)),
            skip,
            table,
            lock: "SHARE UPDATE EXCLUSIVE".to_owned(),
            consequence: "reads and writes go on".to_owned(),
            live_rows: self.live_rows,
            dead_rows: self.dead_rows,
            bytes: self.bytes,
            last_vacuum: self.last_vacuum,
            last_analyze: self.last_analyze,
        }
    }

    fn skip(&self) -> Option<SkipReason> {
        let kind = self.kind.as_deref();
        match (kind, self.permitted, self.vacuumed_by) {
            (None, _, _) => Some(SkipReason::Missing),
            // An ordinary, partitioned, TOAST or materialized one.
            (Some(kind), _, _) if !["r", "p", "t", "m"].contains(&kind) => Some(SkipReason::NotATable),
            (_, false, _) => Some(SkipReason::NotPermitted { owner: self.owner.clone().unwrap_or_default() }),
            (_, _, Some(pid)) => Some(SkipReason::BeingVacuumed { pid }),
            _ => None,
        }
    }
}

impl SkipReason {
    fn in_words(&self, table: &TableName) -> String {
        match self {
            Self::Missing => format!("there is no table {}", table.name),
            Self::NotATable => format!("{table} is not a table"),
            Self::NotPermitted { owner } => format!("this role may not: {table} belongs to {owner}"),
            Self::BeingVacuumed { pid } => format!("pid {pid} is vacuuming it right now"),
        }
    }
}

impl VacuumWork {
    fn statement(self, table: &QualifiedName) -> SafeSql {
        let start = match self {
            Self::VacuumAnalyze => SafeSql::new("vacuum (analyze) "),
            Self::Vacuum => SafeSql::new("vacuum "),
            Self::Analyze => SafeSql::new("analyze "),
        };
        start.name(table)
    }
}

impl VacuumPlan {
    /// The tables that something will be done with.
    pub fn work(&self) -> impl Iterator<Item = (&TableName, &str)> {
        self.steps.iter().filter_map(|step| Some((&step.table, step.sql.as_deref()?)))
    }

    pub(super) fn check_same(&self, now: &Self) -> Result<()> {
        if self.hash == now.hash {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::StalePlan,
            format!("the plan for {} is stale: a table, its owner or its use changed", now.database),
        )
        .hint("Look at the new plan and apply that one. Nothing was done."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_quotes_the_name_and_takes_its_options_from_an_enum() {
        let table = QualifiedName::new("public", "Odd \"name\"");
        let text = |work: VacuumWork| work.statement(&table).to_string();
        assert_eq!(text(VacuumWork::VacuumAnalyze), r#"vacuum (analyze) "public"."Odd ""name""""#);
        assert_eq!(text(VacuumWork::Analyze), r#"analyze "public"."Odd ""name""""#);
    }

    #[test]
    fn a_request_needs_nothing_to_mean_the_four_tables() {
        let request: VacuumRequest = serde_json::from_str("{}").unwrap();
        assert_eq!(request, VacuumRequest::default());
    }
}
