//! What is sent for a statement: the statement itself, or it inside of what binds its parameters or sorts its rows.

use super::arranged::Arranged;
use super::offset::byte_of_character;
use super::parameter::{self, Bound};
use super::script::QueryParameter;
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

/// Where the statement stands in what is sent for it.
struct Place {
    /// So many bytes stand before it in what arranges it, and it is so long.
    before: usize,
    long: usize,
    /// Its parameters have values.
    bound: Option<Bound>,
}

impl Message {
    /// The user's own statement runs because they asked for it. The name is for a prepared one, where there are parameters;
    /// without one their values are written into it.
    pub(super) fn of(
        statement: &str,
        values: &[QueryParameter],
        arranged: &Arranged,
        name: Option<&str>,
    ) -> Self {
        let returning = tag::is_returning(statement);
        let (sql, before) = arranged.around(statement);
        let mut place = Place { before, long: statement.len(), bound: None };
        if parameter::names(statement).is_empty() {
            return Self { described: sql.clone(), sql, place, returning };
        }
        let bound = match name {
            Some(name) => Bound::of(sql.as_str(), values, name),
            None => Bound::written(sql.as_str(), values),
        };
        let (sql, described) = (bound.message.clone(), bound.statement.clone());
        place.bound = Some(bound);
        Self { sql, described, place, returning }
    }

    /// The byte of the statement at a character of the message, from 1.
    pub(super) fn source_byte(&self, position: u32) -> Option<usize> {
        let Place { before, long, bound } = &self.place;
        let byte = byte_of_character(self.sql.as_str(), position);
        let byte = match bound {
            None => byte,
            Some(bound) => bound.source_byte(byte)?,
        };
        byte.checked_sub(*before).filter(|byte| byte <= long)
    }

    /// Whether a statement of this verb has columns even where it has no rows.
    pub(super) fn may_have_rows(&self, verb: &str) -> bool {
        matches!(verb, "SELECT" | "FETCH" | "SHOW" | "EXPLAIN" | "EXECUTE") || self.returning
    }
}
