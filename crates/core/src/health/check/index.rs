//! Checks of indexes: broken ones, and those that the schema's queries count on.
//!
//! Expected indexes are looked for by table, columns and method. The guide and Rails' own migration name the same
//! index differently, and a wider btree that begins with the columns serves as well.

use sqlx::FromRow;

use super::run_all::Subject;
use super::{Answer, Attention, AttentionAction, Severity};
use crate::Result;
use crate::connection::Database;

/// Table, columns in order, method. `changes` stands for either name of that column.
const EXPECTED: [(&str, &str, &str); 22] = [
    ("evaluation_runs", "name", "btree"),
    ("evaluation_runs", "status", "btree"),
    ("evaluation_runs", "created_at", "btree"),
    ("evaluation_runs", "baseline_span_id", "btree"),
    ("evaluation_runs", "metadata", "gin"),
    ("evaluation_spans", "span_id", "btree"),
    ("evaluation_spans", "trace_id,parent_span_id", "btree"),
    ("evaluation_spans", "parent_span_id", "btree"),
    ("evaluation_spans", "span_type", "btree"),
    ("evaluation_spans", "span_data", "gin"),
    ("evaluation_spans", "evaluation_run_id", "btree"),
    ("evaluation_configurations", "evaluation_run_id,execution_order", "btree"),
    ("evaluation_configurations", "configuration_type", "btree"),
    ("evaluation_configurations", "changes", "gin"),
    ("evaluation_results", "status", "btree"),
    ("evaluation_results", "result_span_id", "btree"),
    ("evaluation_results", "evaluation_run_id,status", "btree"),
    ("evaluation_results", "evaluation_configuration_id", "btree"),
    ("evaluation_results", "created_at", "btree"),
    ("evaluation_results", "token_metrics", "gin"),
    ("evaluation_results", "ai_comparison", "gin"),
    ("evaluation_results", "baseline_comparison", "gin"),
];

#[derive(FromRow)]
struct Invalid {
    schema: String,
    table_name: String,
    name: String,
    bytes: i64,
    building: bool,
}

/// No index is left half-made by a concurrent build that did not end.
pub(super) async fn invalid(database: &Database) -> Result<Answer> {
    let rows: Vec<Invalid> =
        sqlx::query_as(include_str!("invalid_index.sql")).fetch_all(database.pool()).await?;
    if rows.is_empty() {
        return Ok(Answer::Ok("Every index is valid.".to_owned()));
    }
    if rows.iter().all(|row| row.building) {
        return Ok(Answer::Ok(format!("{} is being built right now.", rows[0].name)));
    }
    Ok(Answer::Found(rows.iter().filter(|row| !row.building).map(Invalid::attention).collect()))
}

impl Invalid {
    fn attention(&self) -> Attention {
        let detail = format!(
            "{} on {}: {} bytes that writes keep up and no query uses, left by a build that did not end",
            self.name, self.table_name, self.bytes
        );
        Attention::new(Severity::Failed, format!("{} is invalid", self.name), detail)
            .action(AttentionAction::Reindex)
            .object("index", Some(&self.schema), &self.name)
    }
}

/// The indexes that lists and details count on are there.
pub(super) async fn expected(subject: &Subject<'_>) -> Result<Answer> {
    if !subject.schema.complete {
        return Ok(Answer::Skipped("The evaluation tables are not all there.".to_owned()));
    }
    let found: Vec<(String, String, String)> =
        sqlx::query_as(include_str!("expected_index.sql")).fetch_all(subject.database.pool()).await?;
    let missing: Vec<String> = EXPECTED
        .iter()
        .filter(|(table, columns, method)| !found.iter().any(|index| serves(index, table, columns, method)))
        .map(|(table, columns, method)| describe(table, columns, method))
        .collect();
    Ok(match missing.as_slice() {
        [] => Answer::Ok(format!("All {} expected indexes are there, whatever their names.", EXPECTED.len())),
        [one] => Answer::Found(vec![attention("1 expected index is missing".to_owned(), one.clone())]),
        several => Answer::Found(vec![attention(
            format!("{} expected indexes are missing", several.len()),
            several.join(", "),
        )]),
    })
}

fn attention(title: String, detail: String) -> Attention {
    Attention::new(Severity::Attention, title, detail).action(AttentionAction::Migrate)
}

fn serves(index: &(String, String, String), table: &str, columns: &str, method: &str) -> bool {
    let (on, keys, by) = index;
    let keys = if keys == "configuration_changes" { "changes" } else { keys };
    let begins = keys == columns || (method == "btree" && keys.starts_with(&format!("{columns},")));
    on == table && by == method && begins
}

fn describe(table: &str, columns: &str, method: &str) -> String {
    let columns = columns.replace(',', ", ");
    if method == "btree" {
        format!("{table} ({columns})")
    } else {
        format!("{table} using {method} ({columns})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(keys: &str, method: &str, columns: &str, expected: bool) {
        let index = ("evaluation_spans".to_owned(), keys.to_owned(), method.to_owned());
        assert_eq!(serves(&index, "evaluation_spans", columns, method), expected, "{keys} for {columns}");
    }

    #[test]
    fn a_wider_index_serves_and_a_longer_name_does_not() {
        check("created_at,id", "btree", "created_at", true);
        check("trace_id_old", "btree", "trace_id", false);
        check("parent_span_id,trace_id", "btree", "trace_id", false);
    }

    #[test]
    fn either_name_of_the_changes_column_serves() {
        check("configuration_changes", "gin", "changes", true);
    }
}
