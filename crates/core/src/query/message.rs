//! What is sent for a statement: the statement itself, or it inside of what binds its parameters or sorts its rows.

use super::offset::byte_of_character;
use super::parameter::{self, Bound};
use super::script::{QueryParameter, QuerySort};
use super::tag;
use crate::sql::SafeSql;

/// A message to the server, and the way from its bytes to the statement's.
pub(super) struct Message {
    pub(super) sql: SafeSql,
    /// The statement in a form that can be described without being run.
    pub(super) described: SafeSql,
    place: Place,
    returning: bool,
}

enum Place {
    /// So many bytes stand before the statement, and it is so long.
    Inside {
        before: usize,
        long: usize,
    },
    Bound(Bound),
}

impl Message {
    /// The user's own statement runs because they asked for it. The name is for a prepared one, where there are parameters;
    /// without one their values are written into it.
    pub(super) fn of(
        statement: &str,
        values: &[QueryParameter],
        sort: &[QuerySort],
        name: Option<&str>,
    ) -> Self {
        let returning = tag::is_returning(statement);
        if !parameter::names(statement).is_empty() {
            let bound = match name {
                Some(name) => Bound::of(statement, values, name),
                None => Bound::written(statement, values),
            };
            return Self {
                sql: bound.message.clone(),
                described: bound.statement.clone(),
                place: Place::Bound(bound),
                returning,
            };
        }
        let (sql, before) = sorted(statement, sort);
        let place = Place::Inside { before, long: statement.len() };
        Self { described: sql.clone(), sql, place, returning }
    }

    /// The byte of the statement at a character of the message, from 1.
    pub(super) fn source_byte(&self, position: u32) -> Option<usize> {
        let byte = byte_of_character(self.sql.as_str(), position);
        match &self.place {
            Place::Inside { before, long } => byte.checked_sub(*before).filter(|byte| byte <= long),
            Place::Bound(bound) => bound.source_byte(byte),
        }
    }

    /// Whether a statement of this verb has columns even where it has no rows.
    pub(super) fn may_have_rows(&self, verb: &str) -> bool {
        matches!(verb, "SELECT" | "FETCH" | "SHOW" | "EXPLAIN" | "EXECUTE") || self.returning
    }
}

/// Columns are named by their place: two of them may have one name.
fn sorted(statement: &str, sort: &[QuerySort]) -> (SafeSql, usize) {
    let own = SafeSql::trusted_file(statement);
    if sort.is_empty() {
        return (own, 0);
    }
    let head = SafeSql::new("select * from (\n");
    let before = head.as_str().len();
    // The line end closes a comment that the statement may end in.
    let mut sql = head.sql(&own).push("\n) as sorted order by ");
    for (at, order) in sort.iter().enumerate() {
        sql = if at == 0 { sql } else { sql.push(", ") };
        sql = sql.number(i64::from(order.column) + 1);
        sql = if order.descending { sql.push(" desc") } else { sql };
    }
    (sql, before)
}
