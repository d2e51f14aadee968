//! Finding the ids of a page by keyset, and the cursors around it.
//!
//! A cursor is "id|value": the id cannot hold the bar, a name may.

use chrono::{DateTime, Utc};
use sqlx::Row as _;

use super::condition::{Condition, stuck_before};
use super::query::{Direction, RunQuery, RunSort};
use super::{RunPage, read, total};
use crate::catalog::explain_missing;
use crate::connection::Database;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result, RowId};

/// A run's place in the order.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    id: i64,
    value: String,
}

pub(super) async fn page(database: &Database, query: &RunQuery, now: DateTime<Utc>) -> Result<RunPage> {
    let condition = Condition::of(query, now);
    let limit = usize::try_from(query.limit.unwrap_or(50).clamp(1, 500)).unwrap_or(50);
    let mut places = places(database, query, condition.clone(), limit + 1).await?;
    let more = places.len() > limit;
    places.truncate(limit);
    let back = query.cursor.is_some() && query.direction == Direction::Newer;
    if back {
        places.reverse();
    }
    let ids: Vec<i64> = places.iter().map(|place| place.id).collect();
    let runs = read::rows(database, &ids, stuck_before(now, query.stuck_minutes)).await?;
    let (has_newer, has_older) = if back { (more, true) } else { (query.cursor.is_some(), more) };
    Ok(RunPage {
        runs: runs.into_iter().map(|(row, _)| row).collect(),
        older: places.last().filter(|_| has_older).map(Place::encode),
        newer: places.first().filter(|_| has_newer).map(Place::encode),
        total: total::total(database, query, &condition).await?,
    })
}

async fn places(
    database: &Database,
    query: &RunQuery,
    mut condition: Condition,
    limit: usize,
) -> Result<Vec<Place>> {
    let back = query.cursor.is_some() && query.direction == Direction::Newer;
    let descending = query.ascending == back;
    if let Some(cursor) = &query.cursor {
        beyond(&mut condition, query.sort, &Place::decode(cursor)?, descending);
    }
    let sql = SafeSql::new("select r.id, ")
        .push(query.sort.column())
        .push("::text as value from ")
        .sql(&condition.tables(false))
        .push(" where ")
        .sql(&condition.sql)
        .push(" order by ")
        .push(query.sort.order(descending))
        .push(" limit ")
        .number(i64::try_from(limit).unwrap_or(51));
    let statement = condition.bind_to(sqlx::query(sql.to_query()).persistent(false));
    let rows = statement
        .fetch_all(database.pool())
        .await
        .map_err(|error| explain_missing(error, "cannot list the runs"))?;
    rows.iter().map(|row| Ok(Place { id: row.try_get(0)?, value: row.try_get(1)? })).collect()
}

fn beyond(condition: &mut Condition, sort: RunSort, place: &Place, descending: bool) {
    let than = if descending { " < " } else { " > " };
    condition.push(" and ");
    if sort == RunSort::Id {
        condition.push("r.id");
        condition.push(than);
        condition.number(place.id);
        return;
    }
    condition.push("(");
    condition.push(sort.column());
    condition.push(", r.id)");
    condition.push(than);
    condition.push("(");
    condition.text(place.value.clone());
    condition.push(if sort == RunSort::Created { "::text::timestamp, " } else { "::text, " });
    condition.number(place.id);
    condition.push(")");
}

impl RunSort {
    fn column(self) -> &'static str {
        match self {
            Self::Created => "r.created_at",
            Self::Name => "r.name",
            Self::Id => "r.id",
        }
    }

    fn order(self, descending: bool) -> &'static str {
        match (self, descending) {
            (Self::Created, true) => "r.created_at desc, r.id desc",
            (Self::Created, false) => "r.created_at, r.id",
            (Self::Name, true) => "r.name desc, r.id desc",
            (Self::Name, false) => "r.name, r.id",
            (Self::Id, true) => "r.id desc",
            (Self::Id, false) => "r.id",
        }
    }
}

impl Place {
    fn encode(&self) -> String {
        format!("{}|{}", RowId(self.id), self.value)
    }

    fn decode(text: &str) -> Result<Self> {
        let parts = text.split_once('|').and_then(|(id, value)| Some((id.parse().ok()?, value.to_owned())));
        let (id, value) = parts.ok_or_else(|| {
            Error::new(ErrorKind::InvalidArguments, "the page's cursor is not one of ours")
                .hint("Start from the first page.")
        })?;
        Ok(Self { id, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_bar_survives_the_cursor() {
        let place = Place { id: 7, value: "a|b|".into() };
        assert_eq!(Place::decode(&place.encode()).unwrap(), place);
        assert!(Place::decode("none").is_err());
    }
}
