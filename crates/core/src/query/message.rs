//! What is sent for a statement: the statement itself, or it inside of what binds its parameters, sorts its rows or
//! copies them.

use super::arranged::Arranged;
use super::offset::byte_of_character;
use super::parameter::{self, Bound};
use super::script::QueryParameter;
use super::{tag, typed};
use crate::ident::QualifiedName;
use crate::sql::SafeSql;

/// What may be sent for a statement.
pub(super) struct Message<'a> {
    /// With its parameters as the user wrote them.
    own: Sent,
    values: &'a [QueryParameter],
    /// Its parameters have values, and those stand in it without a type.
    pub(super) is_written: bool,
    /// As the server answers it with its rows.
    pub(super) whole: Sent,
    /// In a form that can be described without being run.
    pub(super) described: Sent,
    returning: bool,
}

/// A text for the server, and the way from its bytes to the statement's.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) sql: SafeSql,
    /// So many bytes stand before what is copied.
    copied: usize,
    /// What binds its parameters.
    bound: Option<Bound>,
    /// So many bytes stand before the statement in what arranges it, and it is so long.
    before: usize,
    long: usize,
}

impl<'a> Message<'a> {
    /// The user's own statement runs because they asked for it. The name is for a prepared one, where there are parameters;
    /// without one their values are written into it.
    pub(super) fn of(
        statement: &str,
        values: &'a [QueryParameter],
        arranged: &Arranged,
        name: Option<&str>,
    ) -> Self {
        let returning = tag::is_returning(statement);
        let (sql, before) = arranged.around(statement);
        let own = Sent { sql, copied: 0, bound: None, before, long: statement.len() };
        if parameter::names(statement).is_empty() {
            let (whole, described) = (own.clone(), own.clone());
            return Self { own, values, is_written: false, whole, described, returning };
        }
        let sql = own.sql.as_str();
        let bound = match name {
            Some(name) => Bound::of(sql, values, name),
            None => Bound::written(sql, values),
        };
        let (whole, described) = (own.bound_by(bound), own.bound_by(Bound::described(sql)));
        Self { own, values, is_written: name.is_none(), whole, described, returning }
    }

    /// Whether it has parameters.
    pub(super) fn has_values(&self) -> bool {
        self.whole.bound.is_some()
    }

    /// The statement in one piece, with its values in it as literals of these types, one a parameter; none where that
    /// cannot be.
    pub(super) fn typed(&self, types: &[QualifiedName]) -> Option<Sent> {
        if !self.has_values() {
            return Some(self.own.clone());
        }
        Some(self.own.bound_by(typed::bound(self.own.sql.as_str(), self.values, types)?))
    }

    /// Whether a statement of this verb has columns even where it has no rows.
    pub(super) fn may_have_rows(&self, verb: &str) -> bool {
        matches!(verb, "SELECT" | "FETCH" | "SHOW" | "EXPLAIN" | "EXECUTE") || self.returning
    }
}

impl Sent {
    fn bound_by(&self, bound: Bound) -> Self {
        Self { sql: bound.message.clone(), bound: Some(bound), ..self.clone() }
    }

    /// The same as a COPY to us. Its text is UTF-8 whatever the session's encoding was set to: in some a backslash may be
    /// half of a letter. Bytes of no known encoding stay as they are.
    pub(super) fn copied(&self, as_bytes: bool) -> Self {
        let head = SafeSql::new("copy (\n");
        let copied = head.as_str().len();
        // The line end closes a comment that the statement may end in.
        let end = match as_bytes {
            true => "\n) to stdout (encoding 'SQL_ASCII')",
            false => "\n) to stdout (encoding 'UTF8')",
        };
        Self { sql: head.sql(&self.sql).push(end), copied, ..self.clone() }
    }

    /// The byte of the statement at a character of the text, from 1.
    pub(super) fn source_byte(&self, position: u32) -> Option<usize> {
        let byte = byte_of_character(self.sql.as_str(), position).checked_sub(self.copied)?;
        let byte = match &self.bound {
            None => byte,
            Some(bound) => bound.source_byte(byte)?,
        };
        byte.checked_sub(self.before).filter(|byte| *byte <= self.long)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::script::QuerySort;

    #[test]
    fn a_place_in_a_copy_is_found_in_the_statement() {
        let sort = vec![QuerySort { column: 0, descending: false }];
        for arranged in [Arranged::default(), Arranged { sort, filters: Vec::new() }] {
            let sql = "select 'ö', nix -- tail";
            let sent = Message::of(sql, &[], &arranged, None).whole.copied(false);
            let text = sent.sql.as_str();
            let character = text[..text.find("nix").unwrap()].chars().count() + 1;
            assert_eq!(sent.source_byte(u32::try_from(character).unwrap()), sql.find("nix"));
            assert_eq!((sent.source_byte(1), sent.source_byte(u32::MAX)), (None, None));
        }
    }
}
