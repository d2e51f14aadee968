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
        let done = query.execute(session).await;
        let done =
            done.map_err(|error| Error::from(error).while_doing(&format!("cannot write {}", self.table)))?;
        Ok(done.rows_affected())
    }
}

impl fmt::Display for Write {
    /// With the values in their places, as a person would type it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sql = self.sql.to_string();
        for (number, value) in self.values.iter().enumerate().rev() {
            let literal = format!("'{}'", value.replace('\'', "''"));
            sql = sql.replace(&format!("${}", number + 1), &literal);
        }
        f.write_str(&sql)
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
}
