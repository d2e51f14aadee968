//! Rows that came tenfold, or a tenth: where it begins, and why the planner could not know.

use super::{Evidence, about};
use crate::Ident;
use crate::query::explain::condition;
use crate::query::explain::facts::Table;
use crate::query::explain::plan::ExplainNode;
use crate::query::explain::report::ExplainWarning;
use crate::query::explain::words;
use crate::sql::SafeSql;

/// From here on a guess is off.
const OFF: f64 = 10.0;
/// Fewer rows than this change no plan for the worse.
const MATTERS: f64 = 1_000.0;
const AT_MOST: usize = 3;

pub(super) fn look(evidence: &Evidence<'_>) -> Vec<ExplainWarning> {
    let nodes = evidence.plan.nodes.iter();
    let mut begins: Vec<&ExplainNode> = nodes.filter(|node| begins(evidence, node)).collect();
    begins.sort_by(|one, other| factor(other).total_cmp(&factor(one)));
    begins.into_iter().take(AT_MOST).map(|node| told(evidence, node)).collect()
}

/// How often more or fewer, above 1 either way.
fn factor(node: &ExplainNode) -> f64 {
    let off_by = node.measured.as_ref().and_then(|measured| measured.off_by).unwrap_or(1.0);
    if off_by < 1.0 { 1.0 / off_by } else { off_by }
}

fn is_off(node: &ExplainNode) -> bool {
    let rows = node.measured.as_ref().map_or(node.guess, |measured| measured.rows);
    factor(node) >= OFF && (rows - node.guess).abs() >= MATTERS
}

/// Off, and none of what it reads from is: the mistake is made here.
fn begins(evidence: &Evidence<'_>, node: &ExplainNode) -> bool {
    let plain = |child: &&ExplainNode| !matches!(child.relationship.as_deref(), Some("InitPlan" | "SubPlan"));
    is_off(node) && !evidence.plan.children(node).filter(plain).any(|child| factor(child) >= OFF)
}

fn told(evidence: &Evidence<'_>, node: &ExplainNode) -> ExplainWarning {
    let measured = node.measured.clone().unwrap_or_default();
    let more = if measured.rows >= node.guess { "more" } else { "fewer" };
    let title = format!("{} {more} rows than guessed.", words::times(factor(node)));
    let (why, sql) = evidence
        .tables
        .of_node(node)
        .map_or_else(|| (joined(node), None), |table| why(evidence, node, table));
    let figures = format!(
        "{}: {} guessed, {} came.",
        named(node),
        words::count(node.guess),
        words::count(measured.rows)
    );
    let warning = about("misestimate", node, title, format!("{figures} {why}"));
    match sql {
        Some(sql) => warning.with_sql(sql),
        None => warning,
    }
}

fn named(node: &ExplainNode) -> String {
    match &node.relation {
        Some(relation) => format!("{} on {relation}", node.name),
        None => node.name.clone(),
    }
}

fn joined(node: &ExplainNode) -> String {
    match node.kind.as_str() {
        "Hash Join" | "Merge Join" | "Nested Loop" => {
            "The joined columns depend on what was filtered; the planner takes them as independent."
                .to_owned()
        }
        "Aggregate" | "Group" => {
            "It is about how many different values there are, which the planner guesses from a sample."
                .to_owned()
        }
        _ => "The planner has no statistics of this step.".to_owned(),
    }
}

/// What is known of the table's statistics and of the condition, most telling first.
fn why(evidence: &Evidence<'_>, node: &ExplainNode, table: &Table) -> (String, Option<String>) {
    let analyze = || Some(format!("{};", SafeSql::new("analyze ").name(&table.qualified())));
    if !table.analyzed && table.rows.is_none() {
        return (
            format!("{} was never analyzed: the planner knows nothing of its rows.", table.name),
            analyze(),
        );
    }
    if let Some(old) = changed(table) {
        return (old, analyze());
    }
    let condition = node.condition("Filter").or_else(|| node.condition("Index Cond")).unwrap_or_default();
    if condition::has_expression(condition) {
        return expression(evidence, table, condition, analyze());
    }
    let columns = condition::columns(condition, node.alias.as_deref());
    if columns.len() >= 2 {
        return correlated(table, &columns);
    }
    ("The statistics are of a sample that missed these values; a larger sample helps.".to_owned(), analyze())
}

#[allow(clippy::cast_precision_loss)]
fn changed(table: &Table) -> Option<String> {
    let (changed, live) = (table.changed_since? as f64, table.live? as f64);
    // A tenth and fifty rows is when autovacuum analyzes by default.
    (changed > live * 0.1 + 50.0).then(|| {
        format!(
            "{} of its {} rows were changed since the last ANALYZE: the statistics are old.",
            words::count(changed),
            words::count(live)
        )
    })
}

fn expression(
    evidence: &Evidence<'_>,
    table: &Table,
    condition: &str,
    analyze: Option<String>,
) -> (String, Option<String>) {
    let why = "For an expression the planner has no statistics and takes a fixed share of the table.";
    let found = condition::expressions(condition).into_iter().next();
    match found {
        Some(expression) if evidence.major >= 14 => {
            let sql = format!(
                "create statistics on ({expression}) from {};\n{}",
                table.qualified(),
                analyze.unwrap_or_default()
            );
            (why.to_owned(), named_statistics(evidence.major, table, sql))
        }
        _ => (format!("{why} An index on it would bring some."), None),
    }
}

/// Before 16 statistics need a name.
fn named_statistics(major: i32, table: &Table, sql: String) -> Option<String> {
    let name = format!("create statistics {} on", Ident::new(format!("{}_stats", table.name)));
    Some(if major >= 16 { sql } else { sql.replacen("create statistics on", &name, 1) })
}

fn correlated(table: &Table, columns: &[String]) -> (String, Option<String>) {
    let list = columns.iter().map(|column| Ident::new(column).to_string()).collect::<Vec<_>>().join(", ");
    let name = Ident::new(format!("{}_stats", table.name));
    // Without mcv: where a list of common pairs is kept, a pair that is not in it is guessed as if there were none.
    let sql = format!(
        "create statistics {name} (dependencies) on {list} from {};\nanalyze {};",
        table.qualified(),
        table.qualified()
    );
    let why = format!(
        "{} seem to depend on one another; the planner takes them as independent.",
        columns.join(" and ")
    );
    (why, Some(sql))
}
