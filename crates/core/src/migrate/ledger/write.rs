//! A change of a ledger as one statement: what is shown to a person is what is sent.

use std::fmt;

use sqlx::PgConnection;

use crate::sql::SafeSql;
use crate::{Error, Result};

/// A statement with its values. Each travels as text, and the statement says what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::migrate) struct Write {
    table: String,
    sql: SafeSql,
    values: Vec<String>,
}

impl Write {
    /// `table` is what an error names.
    pub(super) fn new(
        table: impl fmt::Display,
        sql: SafeSql,
        values: impl IntoIterator<Item = String>,
    ) -> Self {
        Self { table: table.to_string(), sql, values: values.into_iter().collect() }
    }

    /// Sends it. How many rows it changed.
    pub(in crate::migrate) async fn run(&self, session: &mut PgConnection) -> Result<u64> {
        let query =
            self.values.iter().fold(sqlx::query(self.sql.to_query()), |query, value| query.bind(value));
        let done = query.execute(session).await.map_err(|error| self.failed(error))?;
        Ok(done.rows_affected())
    }

    /// With the values in their places, as a person would type it and as it goes with others in one message.
    pub(in crate::migrate) fn with_values(&self) -> SafeSql {
        let mut parts = self.sql.as_str().split('$');
        let first = SafeSql::trusted_file(parts.next().unwrap_or_default());
        parts.fold(first, |sql, part| {
            let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let number: usize = part[..digits].parse().unwrap_or_default();
            let value = number.checked_sub(1).and_then(|at| self.values.get(at));
            let rest = SafeSql::trusted_file(&part[digits..]);
            sql.literal(value.map_or("", String::as_str)).sql(&rest)
        })
    }

    /// What to say where it failed.
    pub(in crate::migrate) fn failed(&self, error: sqlx::Error) -> Error {
        Error::from(error).while_doing(&format!("cannot write {}", self.table))
    }
}

impl fmt::Display for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_values().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_has_its_values_quoted() {
        let sql = SafeSql::new("delete from t where version = $1 and name = $2");
        let write = Write::new("t", sql, ["7".to_owned(), "o'clock".to_owned()]);
        assert_eq!(write.to_string(), "delete from t where version = '7' and name = 'o''clock'");
    }

    #[test]
    fn a_value_that_looks_like_a_parameter_stays_a_value() {
        let write = Write::new(
            "t",
            SafeSql::new("values ($1::bigint, $2, true)"),
            ["$2".to_owned(), "$1".to_owned()],
        );
        assert_eq!(write.to_string(), "values ('$2'::bigint, '$1', true)");
    }
}
