//! What a statement is about, before any database is asked.

use squawk_syntax::ast::{self, AlterColumnOption, AlterTableAction, AstNode as _, Stmt};

use super::Rehearsable;
use crate::sql::LockMode;
use crate::sql::statement::{
    Concurrent, Effects, InTransaction, ObjectKind, bare_name, concurrent, describe_and_look,
};

/// A statement as it was read.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) effects: Effects,
    /// The index that it builds.
    pub(super) builds: Option<Build>,
    /// The index that it drops concurrently.
    pub(super) drops_concurrently: Option<String>,
    /// The table that it makes partitioned.
    pub(super) partitions: Option<String>,
    /// The one column that it forbids to be null, where that is all that it does.
    pub(super) fills: Option<String>,
    /// The tables that it empties.
    pub(super) empties: Vec<String>,
    pub(super) waits_for_snapshots: bool,
    pub(super) rehearsable: Rehearsable,
}

/// An index that a statement builds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Build {
    /// Absent where the server finds a name itself.
    pub(super) name: Option<String>,
    pub(super) table: String,
    pub(super) concurrently: bool,
    pub(super) unique: bool,
    pub(super) if_not_exists: bool,
    /// On the parent alone.
    pub(super) only: bool,
    /// Everything behind the table's name: " using gin (metadata) where ...".
    pub(super) rest: String,
    /// "btree", "gin".
    pub(super) method: String,
    /// What is in it, by the column's name; an expression has none.
    pub(super) columns: Vec<String>,
}

impl Reading {
    /// Reads one, as a server of this major version runs it.
    pub(super) fn of(sql: &str, major: u32) -> Self {
        let (effects, seen) = describe_and_look(sql, major, Seen::of);
        let seen = seen.unwrap_or_default();
        let Seen { builds, drops_concurrently, partitions, fills, empties, waits_for_snapshots, rehearsable } =
            seen;
        Self {
            effects,
            builds,
            drops_concurrently,
            partitions,
            fills,
            empties,
            waits_for_snapshots,
            rehearsable,
        }
    }

    /// Whether its text says nothing of what it does.
    pub(super) fn is_unknown(&self) -> bool {
        let known = !self.effects.touches.is_empty() || self.effects.every_table.is_some();
        !self.effects.complete && !known
    }
}

/// What the tree of a statement says beside its effects.
struct Seen {
    builds: Option<Build>,
    drops_concurrently: Option<String>,
    partitions: Option<String>,
    fills: Option<String>,
    empties: Vec<String>,
    waits_for_snapshots: bool,
    rehearsable: Rehearsable,
}

impl Seen {
    fn of(statement: &Stmt, effects: &Effects) -> Self {
        Self {
            builds: build(statement, effects),
            drops_concurrently: dropped(statement, effects),
            partitions: partitions(statement, effects),
            fills: filled(statement),
            empties: emptied(statement, effects),
            waits_for_snapshots: builds_concurrently(statement, effects),
            rehearsable: rehearsable(statement, effects),
        }
    }
}

/// Of a text that nobody can follow.
impl Default for Seen {
    fn default() -> Self {
        Self {
            builds: None,
            drops_concurrently: None,
            partitions: None,
            fills: None,
            empties: Vec::new(),
            waits_for_snapshots: false,
            rehearsable: Rehearsable::InTransaction,
        }
    }
}

fn build(statement: &Stmt, effects: &Effects) -> Option<Build> {
    let Stmt::CreateIndex(create) = statement else { return None };
    let made = effects.creates.first()?;
    let text = |node: &squawk_syntax::SyntaxNode| node.text().to_string();
    let method = create.using_method().and_then(|using| using.access_method_ref());
    let items = create.partition_item_list().into_iter().flat_map(|list| list.partition_items());
    let on = create.table_relation_name();
    let columns =
        items.map(|item| item.expr().map_or_else(String::new, |expr| bare_name(&text(expr.syntax()))));
    Some(Build {
        name: Some(made.name.clone()).filter(|name| !name.is_empty()),
        table: made.of_table.clone().unwrap_or_default(),
        concurrently: create.concurrently_token().is_some(),
        unique: create.unique_token().is_some(),
        if_not_exists: create.if_not_exists().is_some(),
        only: on.as_ref().is_some_and(|on| on.only_token().is_some()),
        rest: on.map_or_else(String::new, |on| rest_of(create, on.syntax())),
        method: method.map_or_else(|| "btree".to_owned(), |method| text(method.syntax()).to_lowercase()),
        columns: columns.collect(),
    })
}

/// What stands behind the table of an index.
fn rest_of(create: &ast::CreateIndex, table: &squawk_syntax::SyntaxNode) -> String {
    let start = create.syntax().text_range().start();
    let after = usize::from(table.text_range().end() - start);
    let text = create.syntax().text().to_string();
    text.get(after..).unwrap_or_default().trim_end().trim_end_matches(';').trim_end().to_owned()
}

/// The server takes one index at a time.
fn dropped(statement: &Stmt, effects: &Effects) -> Option<String> {
    match concurrent(statement, effects) {
        Some(Concurrent::DropIndex(names)) => names.into_iter().next(),
        _ => None,
    }
}

/// The table that it makes partitioned.
fn partitions(statement: &Stmt, effects: &Effects) -> Option<String> {
    let Stmt::CreateTable(create) = statement else { return None };
    create.partition_by()?;
    Effects::names(&effects.creates, ObjectKind::Table).next().map(str::to_owned)
}

fn filled(statement: &Stmt) -> Option<String> {
    let Stmt::AlterTable(alter) = statement else { return None };
    let mut actions = alter.actions();
    let (Some(AlterTableAction::AlterColumn(column)), None) = (actions.next(), actions.next()) else {
        return None;
    };
    let Some(AlterColumnOption::SetNotNull(_)) = column.option() else { return None };
    Some(bare_name(&column.column_name_ref()?.syntax().text().to_string()))
}

/// `truncate`, and `delete` without a condition.
fn emptied(statement: &Stmt, effects: &Effects) -> Vec<String> {
    let all = || effects.touches.iter().map(|touch| touch.relation.clone());
    match statement {
        _ if effects.truncates => all().collect(),
        Stmt::Delete(delete) if delete.where_clause_or_current_of().is_none() => all().take(1).collect(),
        _ => Vec::new(),
    }
}

/// A new index is trusted only when nobody can look at rows any more that are missing in it.
fn builds_concurrently(statement: &Stmt, effects: &Effects) -> bool {
    let builds = matches!(statement, Stmt::CreateIndex(_) | Stmt::Reindex(_));
    builds && effects.strongest() == Some(LockMode::ShareUpdateExclusive)
}

/// What the server shares among its databases is the same one seen from a copy.
fn rehearsable(statement: &Stmt, effects: &Effects) -> Rehearsable {
    match (effects.transaction, statement) {
        (_, Stmt::CreateDatabase(_) | Stmt::DropDatabase(_) | Stmt::AlterSystem(_)) => Rehearsable::Nowhere,
        (_, Stmt::CreateTablespace(_) | Stmt::DropTablespace(_)) => Rehearsable::Nowhere,
        (_, Stmt::CreateSubscription(_) | Stmt::DropSubscription(_) | Stmt::AlterSubscription(_)) => {
            Rehearsable::Nowhere
        }
        (_, Stmt::Copy(copy)) if is_of_the_server(copy) => Rehearsable::Nowhere,
        (InTransaction::Controls, _) => Rehearsable::Nowhere,
        (InTransaction::Forbidden, _) => Rehearsable::OnCopy,
        (InTransaction::Allowed, _) => Rehearsable::InTransaction,
    }
}

/// A file or a program on the server's machine: no transaction takes that back.
fn is_of_the_server(copy: &ast::Copy) -> bool {
    let text = copy.syntax().text().to_string().to_lowercase();
    !text.contains("from stdin") && !text.contains("to stdout")
}
