//! Counting the facets, each in a transaction with a time of its own.

use chrono::{DateTime, NaiveDateTime, Utc};

use super::super::run::stuck_before;
use super::{Facet, RunFacets};
use crate::catalog::{self, explain_missing};
use crate::connection::Database;
use crate::sql::SafeSql;
use crate::{Error, Result};

/// What one facet may take.
const MILLISECONDS: u32 = 2_000;

pub(super) async fn facets(
    database: &Database,
    now: DateTime<Utc>,
    stuck_minutes: Option<u32>,
) -> Result<RunFacets> {
    let stuck = stuck_before(now, stuck_minutes);
    Ok(RunFacets {
        outcome: facet(
            database,
            include_str!("../run/outcome.sql"),
            include_str!("../run/outcome_all.sql"),
            stuck,
        )
        .await?,
        status: facet(database, "r.status", "", stuck).await?,
        initiated_by: facet(database, "r.initiated_by", "", stuck).await?,
        agent: facet(
            database,
            "coalesce(s.span_data ->> 'agent_name', s.span_data #>> '{metadata,agent_name}')",
            "left join evaluation_spans s on s.span_id = r.baseline_span_id",
            stuck,
        )
        .await?,
    })
}

async fn facet(
    database: &Database,
    value: &'static str,
    join: &'static str,
    stuck: NaiveDateTime,
) -> Result<Facet> {
    let sql = SafeSql::new("select value, count(*) as count from (select (")
        .push(value)
        .push(")::text as value\nfrom evaluation_runs r ")
        .push(join)
        .push(" where $1::timestamp is not null) v group by value order by count desc, value limit 50");
    let mut transaction = catalog::within(database, MILLISECONDS).await?;
    let counted =
        sqlx::query_as(sql.to_query()).persistent(false).bind(stuck).fetch_all(&mut *transaction).await;
    match counted {
        Ok(values) => Ok(Facet { values, not_counted: None }),
        Err(error) if catalog::took_too_long(&error) => Ok(Facet {
            values: Vec::new(),
            not_counted: Some(format!(
                "Counting took longer than {} s and was given up.",
                MILLISECONDS / 1000
            )),
        }),
        Err(error) => refused(explain_missing(error, "cannot count the runs")),
    }
}

/// A table that this role may not read leaves its facet uncounted; the list itself still works.
fn refused(error: Error) -> Result<Facet> {
    if error.kind() == crate::ErrorKind::PermissionDenied {
        return Ok(Facet { values: Vec::new(), not_counted: Some(error.message().to_owned()) });
    }
    Err(error)
}
