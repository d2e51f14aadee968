//! A whole table, there and gone.

use super::{column_sql, create_policy, create_statistics, index_sql, quoted};
use crate::catalog::fingerprint::Table;

/// Everything that makes it: nobody waits for a table that is new.
pub(in super::super) fn create_table(table: &Table) -> Vec<String> {
    let mut lines: Vec<String> =
        table.columns.iter().map(|column| format!("  {}", column_sql(column))).collect();
    let (foreign, own): (Vec<_>, Vec<_>) = table.constraints.iter().partition(|it| it.kind == "f");
    lines.extend(own.iter().map(|it| format!("  constraint {} {}", quoted(&it.name), it.definition)));
    let name = table.name.quoted();
    let unlogged = if table.persistence == "u" { "unlogged " } else { "" };
    let partition = table.partition_key.as_ref().map_or(String::new(), |key| format!(" partition by {key}"));
    let mut sql = vec![format!("create {unlogged}table {name} (\n{}\n){partition}", lines.join(",\n"))];
    let indexes = table.indexes.iter().filter(|index| index.of_constraint.is_none());
    sql.extend(indexes.map(|index| index_sql(index, &name, "")));
    sql.extend(
        foreign
            .iter()
            .map(|it| format!("alter table {name} add constraint {} {}", quoted(&it.name), it.definition)),
    );
    sql.extend(table.triggers.iter().map(|trigger| trigger.definition.clone()));
    sql.extend(table.statistics.iter().flat_map(|it| create_statistics(table, it)));
    sql.extend(row_security(table));
    sql
}

fn row_security(table: &Table) -> Vec<String> {
    let switches = [(table.row_security, "enable"), (table.forced_row_security, "force")];
    let on = switches.into_iter().filter(|(on, _)| *on);
    let name = table.name.quoted();
    let mut sql: Vec<_> =
        on.map(|(_, verb)| format!("alter table {name} {verb} row level security")).collect();
    sql.extend(table.policies.iter().map(|policy| create_policy(table, policy)));
    sql
}

/// Says what dies before it does.
pub(in super::super) fn drop_table(table: &Table) -> Vec<String> {
    let parts = [(table.indexes.len(), "index", "indexes"), (table.triggers.len(), "trigger", "triggers")];
    let more: Vec<String> = parts
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect();
    let with = if more.is_empty() { String::new() } else { format!(", {}", more.join(", ")) };
    vec![format!(
        "-- dies: every row of {}{with}. Make a backup, and be sure that no application uses it\ndrop table {}",
        table.name,
        table.name.quoted()
    )]
}
