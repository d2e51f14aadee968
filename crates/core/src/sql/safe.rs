//! Dynamic SQL, built only from literals of this source, quoted identifiers and other `SafeSql`.
//!
//! sqlx takes a statement that is not `&'static str` only when somebody vouches for it; this type is who vouches.
//! Values are bound as parameters. Only a message of several statements takes none: there they are quoted literals.

use std::fmt::{self, Write as _};

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

use crate::ident::{Ident, QualifiedName};

/// A statement or a part of one that a reviewer may trust.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeSql(String);

impl SafeSql {
    /// Starts from text that stands in our source.
    pub fn new(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    /// Takes a whole file that the user chose to run (a migration): trusted by the act, shown in the plan.
    pub fn trusted_file(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Appends text that stands in our source.
    #[must_use]
    pub fn push(mut self, text: &'static str) -> Self {
        self.0.push_str(text);
        self
    }

    /// Appends a quoted identifier.
    #[must_use]
    pub fn ident(self, ident: &Ident) -> Self {
        self.display(ident)
    }

    /// Appends a quoted, schema-qualified name.
    #[must_use]
    pub fn name(self, name: &QualifiedName) -> Self {
        self.display(name)
    }

    /// Appends a number.
    #[must_use]
    pub fn number(self, number: i64) -> Self {
        self.display(number)
    }

    /// Appends a parameter, `$n`.
    #[must_use]
    pub fn parameter(self, n: usize) -> Self {
        self.push("$").display(n)
    }

    /// Appends a text as a quoted literal, right whatever `standard_conforming_strings` is
    /// (as `PQescapeLiteral` does: <https://www.postgresql.org/docs/current/libpq-exec.html#LIBPQ-PQESCAPELITERAL>).
    #[must_use]
    pub fn literal(self, value: &str) -> Self {
        let escaped = value.replace('\'', "''");
        if escaped.contains('\\') {
            // The space keeps it apart from a name before it.
            self.push(" E'").display(escaped.replace('\\', "\\\\")).push("'")
        } else {
            self.push("'").display(escaped).push("'")
        }
    }

    /// Appends another trusted part.
    #[must_use]
    pub fn sql(self, other: &SafeSql) -> Self {
        self.display(&other.0)
    }

    /// The text, for showing it to the user before it runs.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What sqlx takes.
    pub fn to_query(&self) -> SqlStr {
        AssertSqlSafe(self.0.clone()).into_sql_str()
    }

    fn display(mut self, part: impl fmt::Display) -> Self {
        // Writing to a String cannot fail.
        let _ = write!(self.0, "{part}");
        self
    }
}

impl fmt::Display for SafeSql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_means_itself_whatever_is_in_it() {
        let literal = |value| SafeSql::new("select ").literal(value).as_str().to_owned();
        assert_eq!(literal("o'clock"), "select 'o''clock'");
        assert_eq!(literal(r"a\'; drop"), r"select  E'a\\''; drop'");
    }

    #[test]
    fn names_are_quoted_wherever_they_land() {
        let sql = SafeSql::new("vacuum (analyze) ").name(&QualifiedName::new("public", "we\"ird"));
        assert_eq!(sql.as_str(), r#"vacuum (analyze) "public"."we""ird""#);
    }
}
