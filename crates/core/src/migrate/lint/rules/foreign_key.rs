//! Foreign keys without an index: every delete on the other side reads the whole table.

use squawk_syntax::ast::{self, AstNode as _, Constraint};

use super::super::source::{Found, Piece, Source};
use super::index::Index;
use crate::sql::statement::{ObjectKind, bare_name};

pub(super) fn check(source: &Source<'_>, found: &mut Vec<Found>) {
    let served = served(source);
    for piece in &source.statements {
        for key in keys(piece) {
            let covers =
                |served: &Served| bare_name(&served.table) == bare_name(&key.table) && covers(served, &key);
            if !served.iter().any(covers) {
                found.push(without_index(piece, &key));
            }
            found.extend(not_valid(source, piece, &key));
        }
    }
}

/// A foreign key of a new table or of a new column: on an older column there may be an index that the file does not show.
struct Key {
    table: String,
    columns: Vec<String>,
    constraint: Constraint,
    /// Whether the columns are new.
    new: bool,
}

/// Columns that an index of the file begins with.
struct Served {
    table: String,
    columns: Vec<String>,
}

fn keys(piece: &Piece) -> Vec<Key> {
    let Some(table) = table_of(piece) else { return Vec::new() };
    let constraints = piece.tree.syntax().descendants().filter_map(Constraint::cast);
    constraints
        .filter_map(|constraint| {
            let columns = match &constraint {
                Constraint::ForeignKeyConstraint(key) => column_list(key.syntax())?,
                Constraint::ReferencesConstraint(_) => vec![column_of(&constraint)?],
                _ => return None,
            };
            let new = !matches!(
                (&piece.tree, &constraint),
                (ast::Stmt::AlterTable(_), Constraint::ForeignKeyConstraint(_))
            );
            Some(Key { table: table.clone(), columns, constraint, new })
        })
        .collect()
}

fn table_of(piece: &Piece) -> Option<String> {
    match &piece.tree {
        ast::Stmt::CreateTable(_) => piece
            .effects
            .creates
            .iter()
            .find(|object| object.kind == ObjectKind::Table)
            .map(|made| made.name.clone()),
        ast::Stmt::AlterTable(_) => piece.effects.touches.first().map(|touch| touch.relation.clone()),
        _ => None,
    }
}

fn column_list(key: &squawk_syntax::SyntaxNode) -> Option<Vec<String>> {
    let list = key.children().find_map(ast::ForeignKeyColumnList::cast)?;
    Some(column_names(list.syntax()))
}

fn column_names(list: &squawk_syntax::SyntaxNode) -> Vec<String> {
    let names = list.descendants().filter_map(ast::ColumnNameRef::cast);
    names.map(|name| bare_name(&name.syntax().text().to_string().to_lowercase())).collect()
}

/// The column that a constraint stands behind.
fn column_of(constraint: &Constraint) -> Option<String> {
    let owner = constraint
        .syntax()
        .ancestors()
        .find(|node| ast::Column::can_cast(node.kind()) || ast::AddColumn::can_cast(node.kind()))?;
    let name = owner.children().find_map(ast::ColumnName::cast)?;
    Some(bare_name(&name.syntax().text().to_string().to_lowercase()))
}

fn served(source: &Source<'_>) -> Vec<Served> {
    let mut served = Vec::new();
    for piece in &source.statements {
        if let Some(index) = Index::read(piece) {
            let columns =
                index.items.iter().map(|item| bare_name(item.split_whitespace().next().unwrap_or(item)));
            served.push(Served { table: index.table.clone(), columns: columns.collect() });
        }
        let Some(table) = table_of(piece) else { continue };
        for constraint in piece.tree.syntax().descendants().filter_map(Constraint::cast) {
            if let Some(columns) = unique_columns(&constraint) {
                served.push(Served { table: table.clone(), columns });
            }
        }
    }
    served
}

fn unique_columns(constraint: &Constraint) -> Option<Vec<String>> {
    let parameters = match constraint {
        Constraint::PrimaryKeyConstraint(key) => key.index_parameters(),
        Constraint::UniqueConstraint(unique) => unique.index_parameters(),
        _ => return None,
    };
    let list = parameters.and_then(|parameters| parameters.column_list());
    list.map(|list| column_names(list.syntax())).or_else(|| column_of(constraint).map(|column| vec![column]))
}

/// Whether an index begins with the columns of a key, in any order.
fn covers(served: &Served, key: &Key) -> bool {
    let leading = served.columns.iter().take(key.columns.len());
    served.columns.len() >= key.columns.len()
        && leading.into_iter().all(|column| key.columns.contains(column))
}

fn without_index(piece: &Piece, key: &Key) -> Found {
    let columns = key.columns.join(", ");
    let what = format!("No index of this file begins with {columns}, which refers to another table");
    let why = if key.new {
        "Every delete or change of a key over there, and every join from there, reads this whole table."
    } else {
        "Every delete over there reads this whole table, unless it has such an index already."
    };
    let concurrently = if piece.is_new(&key.table) || matches!(piece.tree, ast::Stmt::CreateTable(_)) {
        ""
    } else {
        " concurrently"
    };
    let rewrite = format!("create index{concurrently} on {} ({columns});", key.table);
    let mut found =
        piece.found("foreign-key-without-index", what, why).instead(rewrite).at(key.constraint.syntax());
    if !key.new {
        found.level = super::super::finding::LintLevel::Advice;
    }
    found
}

/// Up to 17 a partitioned table takes no foreign key that is not valid yet.
fn not_valid(source: &Source<'_>, piece: &Piece, key: &Key) -> Option<Found> {
    let lazy = key.constraint.syntax().descendants().any(|node| ast::NotValid::can_cast(node.kind()));
    let partitioned = source.facts(piece, &key.table).is_some_and(|facts| facts.partitioned);
    if source.context.server_major >= 18 || !lazy || !partitioned {
        return None;
    }
    let what = format!(
        "{} is partitioned: before 18 the server takes no foreign key on it that is not valid yet",
        key.table
    );
    let why = "Give each partition its own, not valid, and validate these; the parent's then finds every row checked.";
    Some(piece.found("not-valid-on-partitioned", what, why).at(key.constraint.syntax()))
}
