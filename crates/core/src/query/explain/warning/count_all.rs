//! `count(*)` over a large table: PostgreSQL keeps no count, every row is looked at.

use super::{Evidence, about};
use crate::query::explain::plan::ExplainNode;
use crate::query::explain::report::ExplainWarning;
use crate::query::explain::words;
use crate::sql::SafeSql;

pub(super) fn look(evidence: &Evidence<'_>) -> Vec<ExplainWarning> {
    let counts = evidence.plan.nodes.iter().any(|node| {
        node.kind == "Aggregate"
            && node.condition("Group Key").is_none()
            && node.fact("Output").is_some_and(is_count)
    });
    if !counts {
        return Vec::new();
    }
    let whole =
        |node: &ExplainNode| node.condition("Filter").is_none() && node.condition("Index Cond").is_none();
    let scans = evidence.scans().filter(|(node, table)| {
        whole(node)
            && matches!(node.kind.as_str(), "Seq Scan" | "Index Only Scan")
            && !table.is_small(evidence.settings)
            && node.share() >= 0.25
    });
    scans
        .map(|(node, table)| {
            let title = format!("count(*) looks at every row of {}.", table.name);
            let about_rows = table.rows.map(|rows| format!(" It has about {}.", words::plural(rows, "row")));
            let text = format!(
                "PostgreSQL keeps no count. Where about is enough, the planner's own figure costs nothing.{}",
                about_rows.unwrap_or_default()
            );
            let sql = SafeSql::new("select reltuples::bigint from pg_class where oid = ")
                .literal(&table.qualified().to_string())
                .push("::regclass;");
            about("count_all", node, title, text).with_sql(sql.to_string())
        })
        .collect()
}

fn is_count(output: &str) -> bool {
    matches!(output, "count(*)" | "PARTIAL count(*)")
}
