//! Which table's rows a result is, if it is one table's rows, and by what each of them is told apart.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::FromRow;
use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::Stmt;

use crate::Result;
use crate::catalog::TableName;
use crate::connection::Database;
use crate::query::{QueryColumn, QueryEditable};
use crate::sql::statement::describe_and_look;

/// A table to edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) table: TableName,
    pub(super) key: Vec<String>,
    /// How each column is compared.
    pub(super) compared: BTreeMap<String, Compared>,
}

/// How a column's value is held against the one that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compared {
    AsValue,
    /// Its type has no equality, or one that overlooks a difference.
    AsText,
    /// It cannot be set.
    Generated,
}

#[derive(FromRow)]
struct Found {
    kind: String,
    temporary: bool,
    of_the_server: bool,
    keys: Value,
    columns: Value,
}

/// Whether the cells of a result can be edited, and if not, why.
pub(in crate::query) async fn editable(
    database: &Database,
    sql: &str,
    columns: &[QueryColumn],
) -> Result<QueryEditable> {
    Ok(match target(database, sql, columns).await? {
        Ok(target) => QueryEditable::Editable { table: target.table, key: target.key },
        Err(why) => QueryEditable::Not { why },
    })
}

/// The table of a result, or why it has none.
pub(super) async fn target(
    database: &Database,
    sql: &str,
    columns: &[QueryColumn],
) -> Result<Result<Target, String>> {
    if let Err(why) = reads_one_relation(sql) {
        return Ok(Err(why.to_owned()));
    }
    let table = match one_table(columns) {
        Ok(table) => table,
        Err(why) => return Ok(Err(why)),
    };
    let found: Option<Found> = sqlx::query_as(include_str!("table.sql"))
        .bind(&table.schema)
        .bind(&table.name)
        .fetch_optional(database.pool())
        .await?;
    Ok(match found {
        Some(found) => found.target(table, columns),
        None => Err(format!("{table} is not there any more.")),
    })
}

/// A join of a table with itself has the columns of one table and the rows of two: only the text tells.
fn reads_one_relation(sql: &str) -> Result<(), &'static str> {
    let several = "The rows are made of several tables or of a function (a join, a union, a subquery).";
    let look = |statement: &Stmt, effects: &crate::sql::statement::Effects| {
        if matches!(statement, Stmt::Table(_)) {
            return Ok(());
        }
        let Stmt::Select(select) = statement else {
            return Err("Only the rows of a plain select are edited.");
        };
        let tree = squawk_syntax::ast::AstNode::syntax(select);
        let from = tree.children().find(|part| part.kind() == SyntaxKind::FROM_CLAUSE);
        let Some(from) = from else { return Err("The rows come from no table.") };
        let grouped = tree.descendants().any(|part| {
            matches!(
                part.kind(),
                SyntaxKind::GROUP_BY_CLAUSE | SyntaxKind::DISTINCT_CLAUSE | SyntaxKind::WITH_CLAUSE
            )
        });
        let mut items = from.children();
        let plain = items.next().is_some_and(|item| item.kind() == SyntaxKind::RELATION_FROM_ITEM);
        match (effects.complete, grouped, plain && items.next().is_none()) {
            (false, _, _) => Err("The statement could not be followed."),
            (_, true, _) => Err("The rows are grouped, made distinct or made by a with clause."),
            (_, _, false) => Err(several),
            _ => Ok(()),
        }
    };
    let (_, found) = describe_and_look(sql, crate::sql::statement::NEWEST_MAJOR, look);
    found.unwrap_or(Err("The statement could not be followed."))
}

fn one_table(columns: &[QueryColumn]) -> Result<TableName, String> {
    let mut tables = columns.iter().filter_map(|column| column.table.as_ref());
    let Some(first) = tables.next() else {
        return Err("No column comes unchanged from a table.".to_owned());
    };
    if tables.any(|table| table != first) {
        return Err("The columns come from several tables.".to_owned());
    }
    let mut names: Vec<&str> = columns.iter().filter_map(|column| column.column.as_deref()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("The column {} is there twice.", pair[0])),
        None => Ok(first.clone()),
    }
}

impl Found {
    fn target(self, table: TableName, columns: &[QueryColumn]) -> Result<Target, String> {
        match self.kind.as_str() {
            _ if self.of_the_server => return Err(format!("{table} belongs to the server.")),
            _ if self.temporary => {
                return Err(format!("{table} is a temporary table of the tab's own session."));
            }
            "r" | "p" => {}
            "v" => return Err(format!("{table} is a view: edit the table that it shows.")),
            "m" => return Err(format!("{table} is a materialized view.")),
            "f" => return Err(format!("{table} is a foreign table.")),
            _ => return Err(format!("{table} is no table.")),
        }
        let keys = names(&self.keys);
        let Some(key) = keys.iter().find(|key| key.iter().all(|name| has(columns, name))).cloned() else {
            return Err(match keys.first() {
                Some(key) => format!("Its key is not in the result: select {} too.", key.join(", ")),
                None => format!("{table} has no primary key and no unique one that is never null."),
            });
        };
        let compared = self.columns.as_object().into_iter().flatten();
        let compared = compared.map(|(name, how)| (name.clone(), Compared::of(how.as_str()))).collect();
        Ok(Target { table, key, compared })
    }
}

impl Compared {
    fn of(word: Option<&str>) -> Self {
        match word {
            Some("generated") => Self::Generated,
            Some("value") => Self::AsValue,
            _ => Self::AsText,
        }
    }
}

fn names(keys: &Value) -> Vec<Vec<String>> {
    let name = |name: &Value| name.as_str().unwrap_or_default().to_owned();
    let key = |key: &Value| key.as_array().into_iter().flatten().map(name).collect();
    keys.as_array().into_iter().flatten().map(key).collect()
}

fn has(columns: &[QueryColumn], name: &str) -> bool {
    columns.iter().any(|column| column.column.as_deref() == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_select_from_one_relation_has_rows_to_edit() {
        for sql in [
            "select * from t",
            "table t",
            "select id, a + 1 from only app.t as x where a > (select 1) order by b",
        ] {
            assert_eq!(reads_one_relation(sql), Ok(()), "{sql}");
        }
        for sql in [
            "select * from t, u",
            "select a.id, b.name from t a join t b on true",
            "select * from (select * from t) x",
            "select * from t union select * from t",
            "select distinct * from t",
            "select id from t group by id",
            "with x as (select * from t) select * from x",
            "update t set a = 1 where id = 1 returning *",
            "select 1",
            "select * from f()",
        ] {
            assert!(reads_one_relation(sql).is_err(), "{sql}");
        }
    }
}
