//! The filter of the runs list as a condition, with its parameters.
//!
//! Only what is asked for enters the statement, so that the planner sees a plain keyset scan when nothing is.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::{Query, QueryScalar};

use super::super::outcome::{Outcome, STORED, STUCK_AFTER_MINUTES};
use super::RunQuery;
use crate::sql::SafeSql;

/// The agent of a run's baseline. A subquery on purpose: a join would tempt the planner to read every span.
const AGENT: &str = "(select coalesce(s.span_data ->> 'agent_name', s.span_data #>> '{metadata,agent_name}') \
     from evaluation_spans s where s.span_id = r.baseline_span_id limit 1)";

/// A condition on `r` (evaluation_runs). `$1` is always the moment before which a running run is stuck.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub(super) sql: SafeSql,
    values: Vec<Value>,
    /// Whether it keeps everything.
    pub(super) everything: bool,
    /// Whether it speaks of `failed`, which the statement then has to join.
    by_outcome: bool,
}

#[derive(Debug, Clone)]
enum Value {
    Moment(NaiveDateTime),
    Text(String),
    Words(Vec<String>),
    Number(i64),
}

impl Condition {
    /// The condition of a query's filter, without its cursor.
    pub(super) fn of(query: &RunQuery, now: DateTime<Utc>) -> Self {
        let stuck = stuck_before(now, query.stuck_minutes);
        let mut condition = Self {
            sql: SafeSql::new("$1::timestamp is not null"),
            values: vec![Value::Moment(stuck)],
            everything: true,
            by_outcome: false,
        };
        condition.search(query.search.as_deref());
        if !query.outcomes.is_empty() {
            condition.outcomes(query);
        }
        condition.any(" and r.status = any(", &query.statuses);
        condition.any(" and r.initiated_by = any(", &query.initiated_by);
        if !query.agents.is_empty() {
            condition.push(" and ");
            condition.push(AGENT);
            condition.any(" = any(", &query.agents);
        }
        condition.moment(" and r.created_at >= ", query.created_since.as_deref());
        condition.moment(" and r.created_at < ", query.created_before.as_deref());
        condition
    }

    /// The tables it is about, for a page or for all runs.
    pub(super) fn tables(&self, all: bool) -> SafeSql {
        let runs = SafeSql::new("evaluation_runs r");
        match (self.by_outcome, all) {
            (false, _) => runs,
            (true, false) => runs.push(include_str!("outcome_page.sql")),
            (true, true) => runs.push(include_str!("outcome_all.sql")),
        }
    }

    pub(super) fn push(&mut self, text: &'static str) {
        self.sql = std::mem::take(&mut self.sql).push(text);
    }

    pub(super) fn text(&mut self, value: String) {
        self.bind(Value::Text(value));
    }

    pub(super) fn number(&mut self, value: i64) {
        self.bind(Value::Number(value));
    }

    /// Binds the parameters in their order.
    pub(super) fn bind_to<'q>(
        &self,
        mut query: Query<'q, Postgres, PgArguments>,
    ) -> Query<'q, Postgres, PgArguments> {
        for value in self.values.clone() {
            query = match value {
                Value::Moment(moment) => query.bind(moment),
                Value::Text(text) => query.bind(text),
                Value::Words(words) => query.bind(words),
                Value::Number(number) => query.bind(number),
            };
        }
        query
    }

    /// Binds the parameters of a statement with one value.
    pub(super) fn bind_to_scalar<'q>(
        &self,
        mut query: QueryScalar<'q, Postgres, i64, PgArguments>,
    ) -> QueryScalar<'q, Postgres, i64, PgArguments> {
        for value in self.values.clone() {
            query = match value {
                Value::Moment(moment) => query.bind(moment),
                Value::Text(text) => query.bind(text),
                Value::Words(words) => query.bind(words),
                Value::Number(number) => query.bind(number),
            };
        }
        query
    }

    fn search(&mut self, search: Option<&str>) {
        let Some(search) = search.map(str::trim).filter(|search| !search.is_empty()) else { return };
        self.push(" and (r.name ilike ");
        let escaped = search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        self.text(format!("%{escaped}%"));
        if let Ok(id) = search.trim_start_matches('#').parse() {
            self.push(" or r.id = ");
            self.number(id);
        }
        self.push(")");
        self.everything = false;
    }

    /// The stored words first: an index serves them, and most runs need no look at their results.
    fn outcomes(&mut self, query: &RunQuery) {
        let mut stored: Vec<String> =
            query.outcomes.iter().filter_map(|outcome| outcome.stored()).map(str::to_owned).collect();
        stored.dedup();
        if !query.outcomes.contains(&Outcome::Unknown) {
            self.any(" and r.status = any(", &stored);
        } else if stored.is_empty() {
            self.any(" and r.status <> all(", &STORED.map(str::to_owned));
        }
        self.push(" and (");
        self.push(include_str!("outcome.sql"));
        let words: Vec<String> = query.outcomes.iter().map(|outcome| outcome.word().to_owned()).collect();
        self.any(") = any(", &words);
        self.by_outcome = true;
    }

    fn any(&mut self, before: &'static str, words: &[String]) {
        if !words.is_empty() {
            self.push(before);
            self.bind(Value::Words(words.to_vec()));
            self.push("::text[])");
            self.everything = false;
        }
    }

    fn moment(&mut self, before: &'static str, moment: Option<&str>) {
        if let Some(moment) = moment.map(str::trim).filter(|moment| !moment.is_empty()) {
            self.push(before);
            self.push("(");
            self.text(moment.to_owned());
            // Through timestamptz, so that an offset in the text is heeded; the session is in UTC.
            self.push("::text::timestamptz at time zone 'utc')");
            self.everything = false;
        }
    }

    fn bind(&mut self, value: Value) {
        self.values.push(value);
        let place = self.values.len();
        self.sql = std::mem::take(&mut self.sql).parameter(place);
    }
}

/// The moment before which a running run counts as stuck.
pub(in crate::eval) fn stuck_before(now: DateTime<Utc>, minutes: Option<u32>) -> NaiveDateTime {
    now.naive_utc() - TimeDelta::minutes(i64::from(minutes.unwrap_or(STUCK_AFTER_MINUTES)))
}
