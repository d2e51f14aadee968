//! Making a database: a plan that shows the statement and what stands in its way, then that statement.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sqlx::Executor as _;
use ts_rs::TS;

use super::{ServerEncoding, require_hash, require_name};
use crate::connection::Database;
use crate::ident::Ident;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// The template that nothing was ever added to, and the only one that may be copied into another encoding or locale
/// (<https://www.postgresql.org/docs/current/manage-ag-templatedbs.html>).
const PRISTINE: &str = "template0";

/// Where texts are compared and sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LocaleProvider {
    Libc,
    /// PostgreSQL 15 and later.
    Icu,
    /// PostgreSQL 17 and later.
    Builtin,
}

/// A locale by its provider's own name: "C", "de_DE.utf8", "und-u-ks-level2", "C.UTF-8".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseLocale {
    pub provider: LocaleProvider,
    pub name: String,
}

/// What is to be made. Whatever is left out is the template's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct DatabaseCreateRequest {
    pub name: String,
    /// A role; whoever asks where it is left out.
    pub owner: Option<String>,
    pub template: Option<String>,
    pub encoding: Option<ServerEncoding>,
    pub locale: Option<DatabaseLocale>,
    pub connection_limit: Option<u16>,
}

/// The statement, and what stands in its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseCreatePlan {
    pub hash: String,
    pub request: DatabaseCreateRequest,
    pub sql: String,
    /// Why it cannot be made as things are.
    pub problem: Option<String>,
    pub notes: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct Facts {
    taken: bool,
    may_create: bool,
    owner_exists: bool,
    may_give: bool,
    template_exists: bool,
    may_copy: bool,
    sessions: i64,
    template_encoding: Option<String>,
}

impl DatabaseCreateRequest {
    /// Another encoding or locale than the cluster's wants the pristine template.
    fn template(&self) -> &str {
        let usual = if self.encoding.is_some() || self.locale.is_some() { PRISTINE } else { "template1" };
        self.template.as_deref().unwrap_or(usual)
    }

    fn sql(&self, major: i32) -> Result<SafeSql> {
        let mut sql = SafeSql::new("create database ").ident(&Ident::new(&self.name));
        if let Some(owner) = &self.owner {
            sql = sql.push(" owner ").ident(&Ident::new(owner));
        }
        sql = sql.push(" template ").ident(&Ident::new(self.template()));
        if let Some(encoding) = self.encoding {
            sql = sql.push(" encoding ").literal(encoding.name());
        }
        if let Some(locale) = &self.locale {
            sql = locale.append(sql, major)?;
        }
        if let Some(limit) = self.connection_limit {
            sql = sql.push(" connection limit ").number(limit.into());
        }
        Ok(sql)
    }
}

impl DatabaseLocale {
    fn append(&self, sql: SafeSql, major: i32) -> Result<SafeSql> {
        let since = match self.provider {
            LocaleProvider::Libc => 12,
            LocaleProvider::Icu => 15,
            LocaleProvider::Builtin => 17,
        };
        if major < since {
            let message = format!("a database of PostgreSQL {major} has no locale of this provider");
            return Err(Error::new(ErrorKind::InvalidArguments, message)
                .hint(format!("It came with PostgreSQL {since}; libc is on every server.")));
        }
        Ok(match self.provider {
            LocaleProvider::Libc if major < 15 => self.libc(sql),
            LocaleProvider::Libc => self.libc(sql.push(" locale_provider libc")),
            LocaleProvider::Icu => sql.push(" locale_provider icu icu_locale ").literal(&self.name),
            LocaleProvider::Builtin => {
                sql.push(" locale_provider builtin builtin_locale ").literal(&self.name)
            }
        })
    }

    fn libc(&self, sql: SafeSql) -> SafeSql {
        sql.push(" lc_collate ").literal(&self.name).push(" lc_ctype ").literal(&self.name)
    }
}

/// Plans a new database. Only reads.
///
/// # Errors
/// `InvalidArguments` for a name that no database can have, or a locale that this server has no word for.
pub async fn plan_database_create(
    database: &Database,
    request: DatabaseCreateRequest,
) -> Result<DatabaseCreatePlan> {
    require_name(&request.name)?;
    let sql = request.sql(database.version().major)?;
    let facts: Facts = sqlx::query_as(include_str!("create.sql"))
        .bind(&request.name)
        .bind(&request.owner)
        .bind(request.template())
        .fetch_one(database.pool())
        .await?;
    let hash = format!("{:x}", Sha256::digest(sql.as_str()));
    let (problem, notes) = (problem(&request, &facts), notes(&request, &facts));
    Ok(DatabaseCreatePlan { hash, sql: sql.to_string(), problem, notes, request })
}

fn problem(request: &DatabaseCreateRequest, facts: &Facts) -> Option<String> {
    let template = request.template();
    let owner = request.owner.as_deref().unwrap_or_default();
    let checks = [
        (facts.taken, format!("there is a database {} already", request.name)),
        (!facts.may_create, "this role may not make databases (CREATEDB)".to_owned()),
        (!facts.owner_exists, format!("there is no role {owner}")),
        (!facts.may_give, format!("this role is no member of {owner} and cannot give it a database")),
        (!facts.template_exists, format!("there is no template {template}")),
        (!facts.may_copy, format!("{template} is no template and belongs to somebody else")),
        (
            facts.sessions > 0,
            format!("{} sessions are in {template}, and it is copied only while nobody is", facts.sessions),
        ),
        (
            other_encoding(request, facts),
            format!(
                "{template} is in another encoding; only {PRISTINE} can be copied into {}",
                encoding(request)
            ),
        ),
    ];
    checks.into_iter().find(|(wrong, _)| *wrong).map(|(_, why)| why)
}

fn encoding(request: &DatabaseCreateRequest) -> &'static str {
    request.encoding.map_or("", ServerEncoding::name)
}

fn other_encoding(request: &DatabaseCreateRequest, facts: &Facts) -> bool {
    request.encoding.is_some()
        && request.template() != PRISTINE
        && facts.template_encoding.as_deref() != Some(encoding(request))
}

fn notes(request: &DatabaseCreateRequest, facts: &Facts) -> Vec<String> {
    let inherited = facts.template_encoding.clone().unwrap_or_default();
    let mut notes = Vec::new();
    if request.encoding.is_none() && inherited != "UTF8" && !inherited.is_empty() {
        notes.push(format!(
            "It will be in {inherited}, as {} is; name UTF8 to store any text.",
            request.template()
        ));
    }
    if request.template() == "template1" {
        notes.push("Whatever was added to template1 comes along; template0 is empty.".to_owned());
    }
    notes
}

/// Makes the database of a plan, unless something stands in its way by now.
///
/// # Errors
/// `Refused` on a read-only connection, `StalePlan` when the plan is another by now, `Precondition` with what stands
/// in its way.
pub async fn apply_database_create(database: &Database, plan: &DatabaseCreatePlan) -> Result<()> {
    database.check_writable()?;
    let fresh = plan_database_create(database, plan.request.clone()).await?;
    require_hash(&plan.hash, &fresh.hash)?;
    if let Some(problem) = fresh.problem {
        return Err(Error::new(
            ErrorKind::Precondition,
            format!("cannot make {}: {problem}", plan.request.name),
        ));
    }
    let mut session = database.dedicated().await?;
    session.execute("set statement_timeout = 0").await?;
    let sql = plan.request.sql(database.version().major)?;
    session.execute(sqlx::raw_sql(sql.to_query())).await?;
    Ok(())
}
