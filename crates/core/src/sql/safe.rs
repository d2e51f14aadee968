//! Dynamic SQL, built only from literals of this source, quoted identifiers and other `SafeSql`.
//!
//! sqlx takes a statement that is not `&'static str` only when somebody vouches for it; this type is who vouches.
//! Values never enter here: they are bound as parameters.

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
    fn names_are_quoted_wherever_they_land() {
        let sql = SafeSql::new("vacuum (analyze) ").name(&QualifiedName::new("public", "we\"ird"));
        assert_eq!(sql.as_str(), r#"vacuum (analyze) "public"."we""ird""#);
    }
}
