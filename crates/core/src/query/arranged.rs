//! An order and conditions that the server is asked for: the statement runs inside of another one, which has them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::script::QuerySort;
use super::view::FilterTest;
use crate::Ident;
use crate::sql::SafeSql;

/// A condition that the server is asked for; a row is kept when all hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryCondition {
    /// The column's name: where two have it, the server says so.
    pub column: String,
    pub op: FilterTest,
    pub value: String,
}

/// How the rows of a statement are to come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Arranged {
    pub(super) sort: Vec<QuerySort>,
    pub(super) filters: Vec<QueryCondition>,
}

impl Arranged {
    pub(super) fn is_empty(&self) -> bool {
        self.sort.is_empty() && self.filters.is_empty()
    }

    /// The statement with what arranges it around it, and how many bytes stand before it.
    pub(super) fn around(&self, statement: &str) -> (SafeSql, usize) {
        let own = SafeSql::trusted_file(statement);
        if self.is_empty() {
            return (own, 0);
        }
        let head = SafeSql::new("select * from (\n");
        let before = head.as_str().len();
        // The line end closes a comment that the statement may end in.
        let sql = head.sql(&own).push("\n) as arranged");
        (self.ordered(self.filtered(sql)), before)
    }

    fn filtered(&self, mut sql: SafeSql) -> SafeSql {
        for (at, filter) in self.filters.iter().enumerate() {
            sql = filter.holds(sql.push(if at == 0 { " where " } else { " and " }));
        }
        sql
    }

    /// Columns are named by their place: two of them may have one name.
    fn ordered(&self, mut sql: SafeSql) -> SafeSql {
        for (at, order) in self.sort.iter().enumerate() {
            sql = sql.push(if at == 0 { " order by " } else { ", " });
            sql = sql.number(i64::from(order.column) + 1);
            sql = if order.descending { sql.push(" desc") } else { sql };
        }
        sql
    }
}

impl QueryCondition {
    /// As the same condition is held here: texts by their letters in any case, the rest by the server's own order.
    fn holds(&self, sql: SafeSql) -> SafeSql {
        let column = SafeSql::new("arranged.").ident(&Ident::new(&self.column));
        let value = self.value.as_str();
        match self.op {
            FilterTest::Contains => {
                let sql = sql.push("strpos(lower(").sql(&column).push("::text), lower(");
                sql.literal(value).push(")) > 0")
            }
            FilterTest::Equals => sql.sql(&column).push("::text = ").literal(value),
            FilterTest::NotEquals => sql.sql(&column).push("::text <> ").literal(value),
            FilterTest::IsNull => sql.sql(&column).push(" is null"),
            FilterTest::IsNotNull => sql.sql(&column).push(" is not null"),
            FilterTest::Greater => sql.sql(&column).push(" > ").literal(value),
            FilterTest::Less => sql.sql(&column).push(" < ").literal(value),
        }
    }
}
