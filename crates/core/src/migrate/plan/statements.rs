//! From chosen versions to the statements that will be sent.

use std::collections::HashSet;

use sqlx::PgConnection;

use super::super::impact::{builds_concurrently, impact};
use super::{PlannedMigration, PlannedStatement, StatementPurpose, Step};
use crate::ident::QualifiedName;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// Plans every step.
pub(super) async fn plan_steps(
    session: &mut PgConnection,
    steps: &[Step<'_>],
) -> Result<Vec<PlannedMigration>> {
    let mut new_tables = HashSet::new();
    let mut planned = Vec::new();
    for step in steps {
        planned.push(plan_step(session, step, &mut new_tables).await?);
    }
    Ok(planned)
}

async fn plan_step(
    session: &mut PgConnection,
    step: &Step<'_>,
    new_tables: &mut HashSet<String>,
) -> Result<PlannedMigration> {
    let script = step.script()?;
    let mut statements = Vec::new();
    for statement in &script.statements {
        statements.extend(leftover(session, &statement.text).await?);
        let line = u32::try_from(statement.line).unwrap_or(u32::MAX);
        let found = impact(&statement.text, new_tables);
        statements.push(PlannedStatement::new(
            statement.text.clone(),
            line,
            StatementPurpose::Migration,
            found,
        ));
    }
    Ok(PlannedMigration {
        version: step.migration.version.clone(),
        name: step.migration.name.clone(),
        direction: step.direction,
        transactional: !script.directives.no_transaction,
        path: script.file.clone(),
        sha384: script.sha384.clone(),
        statements,
    })
}

#[derive(sqlx::FromRow)]
struct Broken {
    schema: String,
    name: String,
    builder: Option<i32>,
}

const BROKEN: &str = "
select n.nspname::text as schema, c.relname::text as name,
  (select p.pid from pg_stat_progress_create_index as p where p.index_relid = c.oid limit 1) as builder
from pg_index as i
join pg_class as c on c.oid = i.indexrelid
join pg_namespace as n on n.oid = c.relnamespace
where c.oid = to_regclass($1) and c.relkind = 'i' and not i.indisvalid";

/// A build that broke off leaves an invalid index of the name: `if not exists` would skip it for ever.
async fn leftover(session: &mut PgConnection, statement: &str) -> Result<Option<PlannedStatement>> {
    let Some(name) = builds_concurrently(statement) else { return Ok(None) };
    let broken: Option<Broken> = sqlx::query_as(BROKEN).bind(&name).fetch_optional(session).await?;
    let Some(broken) = broken else { return Ok(None) };
    if let Some(pid) = broken.builder {
        return Err(Error::new(
            ErrorKind::Precondition,
            format!("pid {pid} is building the index {name} right now"),
        )
        .hint("Wait for it to end, then plan again."));
    }
    let sql = SafeSql::new("drop index concurrently ").name(&QualifiedName::new(broken.schema, broken.name));
    let found = impact(sql.as_str(), &mut HashSet::new());
    Ok(Some(PlannedStatement::new(sql.to_string(), 0, StatementPurpose::Leftover, found)))
}
