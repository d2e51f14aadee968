//! What to write instead: the library's own edits, or the usual safe way for what it only warns of.

use squawk_linter::{Edit, Rule};
use squawk_syntax::ast::{self, AlterColumnOption, AlterTableAction, AstNode as _, Constraint, Stmt};

use super::source::{Piece, Source};

/// A statement with the library's edits in it; `None` where one of them lies outside.
pub(super) fn applied(text: &str, start: usize, edits: &[Edit]) -> Option<String> {
    let mut edits: Vec<_> = edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.text_range.start()));
    let mut fixed = text.to_owned();
    for edit in edits {
        let from = usize::from(edit.text_range.start()).checked_sub(start)?;
        let to = usize::from(edit.text_range.end()).checked_sub(start)?.min(fixed.len());
        if from > to || !fixed.is_char_boundary(from) || !fixed.is_char_boundary(to) {
            return None;
        }
        fixed.replace_range(from..to, edit.text.as_deref().unwrap_or_default());
    }
    Some(format!("{};", fixed.trim_end().trim_end_matches(';')))
}

/// The safe way for a rule of the library that brings none.
pub(super) fn of_rule(source: &Source<'_>, piece: &Piece, rule: Rule) -> Option<String> {
    match rule {
        Rule::AddingForeignKeyConstraint | Rule::ConstraintMissingNotValid => not_valid(piece),
        Rule::DisallowedUniqueConstraint | Rule::AddingSerialPrimaryKeyField => by_index(piece),
        Rule::AddingFieldWithDefault => default_later(piece),
        Rule::AddingNotNullableField | Rule::AddingRequiredField => not_null(piece),
        Rule::ChangingColumnType => new_column(piece),
        Rule::RenamingColumn => both_names(piece),
        Rule::RenamingTable => view(piece),
        Rule::BanConcurrentIndexCreationInTransaction => {
            Some(format!("-- evaldesk: no-transaction\n\n{};", piece.text(source)))
        }
        _ => None,
    }
}

fn actions(piece: &Piece) -> Vec<AlterTableAction> {
    match &piece.tree {
        Stmt::AlterTable(alter) => alter.actions().collect(),
        _ => Vec::new(),
    }
}

fn table(piece: &Piece) -> Option<&str> {
    piece.effects.touches.first().map(|touch| touch.relation.as_str())
}

fn text_of(node: &impl ast::AstNode) -> String {
    node.syntax().text().to_string().trim().to_owned()
}

/// The constraint without its check of the rows, and that check in a transaction of its own.
fn not_valid(piece: &Piece) -> Option<String> {
    let table = table(piece)?;
    let added = actions(piece).into_iter().find_map(|action| match action {
        AlterTableAction::AddConstraint(add) => add.constraint(),
        _ => None,
    });
    let Some(constraint) = added else { return column_first(piece) };
    if !matches!(constraint, Constraint::ForeignKeyConstraint(_) | Constraint::CheckConstraint(_)) {
        // The server knows no other that is not valid yet.
        return None;
    }
    let clause = constraint.syntax().children().find_map(ast::ConstraintNameClause::cast);
    let name = clause.and_then(|clause| clause.constraint_name()).map(|name| text_of(&name));
    let (named, name) = match name {
        Some(name) => (text_of(&constraint), name),
        None => (format!("constraint NAME {}", text_of(&constraint)), "NAME".to_owned()),
    };
    Some(format!(
        "alter table {table} add {named} not valid;\n-- in a migration of its own\nalter table {table} validate constraint {name};"
    ))
}

/// A new column with a foreign key or a check: the column, then the constraint, then its check.
fn column_first(piece: &Piece) -> Option<String> {
    let table = table(piece)?;
    let column = added_column(piece)?;
    let (name, ty) = (text_of(&column.column_name()?), text_of(&column.ty()?));
    let constraint = column.constraints().find_map(|constraint| match &constraint {
        Constraint::ReferencesConstraint(_) => Some(format!("foreign key ({name}) {}", text_of(&constraint))),
        Constraint::CheckConstraint(_) => Some(text_of(&constraint)),
        _ => None,
    })?;
    Some(format!(
        "alter table {table} add column {name} {ty};\nalter table {table} add constraint NAME {constraint} not valid;\n\
         -- in a migration of its own\nalter table {table} validate constraint NAME;"
    ))
}

fn added_column(piece: &Piece) -> Option<ast::AddColumn> {
    actions(piece).into_iter().find_map(|action| match action {
        AlterTableAction::AddColumn(add) => Some(add),
        _ => None,
    })
}

/// The index without stopping anybody, then the constraint on it, which is a matter of the catalog.
fn by_index(piece: &Piece) -> Option<String> {
    let table = table(piece)?;
    let constraint =
        piece.tree.syntax().descendants().filter_map(Constraint::cast).find_map(
            |constraint| match constraint {
                Constraint::UniqueConstraint(unique) => {
                    Some(("unique", unique.index_parameters()?.column_list()?))
                }
                Constraint::PrimaryKeyConstraint(key) => {
                    Some(("primary key", key.index_parameters()?.column_list()?))
                }
                _ => None,
            },
        );
    let (kind, columns) =
        constraint.map_or(("unique", "(COLUMNS)".to_owned()), |(kind, list)| (kind, text_of(&list)));
    Some(format!(
        "-- evaldesk: no-transaction\n\ncreate unique index concurrently NAME on {table} {columns};\n\
         alter table {table} add constraint NAME {kind} using index NAME;"
    ))
}

/// The column first, its default for new rows next, old rows in batches.
fn default_later(piece: &Piece) -> Option<String> {
    let table = table(piece)?;
    let column = added_column(piece)?;
    let (name, ty) = (text_of(&column.column_name()?), text_of(&column.ty()?));
    let default = column.constraints().find_map(|constraint| match constraint {
        Constraint::DefaultConstraint(default) => default.expr().map(|value| text_of(&value)),
        _ => None,
    });
    let value = default.unwrap_or_else(|| "VALUE".to_owned());
    Some(format!(
        "alter table {table} add column {name} {ty};\nalter table {table} alter column {name} set default {value};\n\
         -- then, in a no-transaction migration and in batches\n\
         update {table} set {name} = {value} where id in (select id from {table} where {name} is null limit 5000);"
    ))
}

/// A check that is validated on its own proves what `set not null` would have to read.
fn not_null(piece: &Piece) -> Option<String> {
    let table = table(piece)?;
    let column = actions(piece).into_iter().find_map(|action| match action {
        AlterTableAction::AlterColumn(alter) => match alter.option() {
            Some(AlterColumnOption::SetNotNull(_)) => alter.column_name_ref().map(|name| text_of(&name)),
            _ => None,
        },
        AlterTableAction::AddColumn(add) => add.column_name().map(|name| text_of(&name)),
        _ => None,
    })?;
    let first = added_column(piece).and_then(|add| {
        Some(format!(
            "alter table {table} add column {column} {};\n-- fill it in batches\n",
            text_of(&add.ty()?)
        ))
    });
    Some(format!(
        "{}alter table {table} add constraint {column}_not_null check ({column} is not null) not valid;\n\
         -- in a migration of its own\nalter table {table} validate constraint {column}_not_null;\n\
         -- from 12 on this reads nothing\nalter table {table} alter column {column} set not null;\n\
         alter table {table} drop constraint {column}_not_null;",
        first.unwrap_or_default()
    ))
}

/// A second column of the new type, kept equal until everybody reads it.
fn new_column(piece: &Piece) -> Option<String> {
    let table = table(piece)?;
    let retype = piece.effects.touches.first()?.retypes.first()?;
    let (column, to) = (&retype.column, &retype.to);
    Some(format!(
        "alter table {table} add column {column}_new {to};\n\
         -- keep both equal by a trigger, fill the old rows in batches, let readers and writers move over, then\n\
         alter table {table} drop column {column};\nalter table {table} rename column {column}_new to {column};"
    ))
}

/// Both names for a while: a generated copy, or a view over the table.
fn both_names(piece: &Piece) -> Option<String> {
    let table = table(piece)?;
    let rename = piece.effects.renames.first()?;
    let (from, to) = (&rename.from, &rename.to);
    Some(format!(
        "alter table {table} add column {to} TYPE;\n\
         -- keep both equal by a trigger, fill the old rows in batches, let readers and writers move over, then\n\
         alter table {table} drop column {from};"
    ))
}

/// The old name goes on as a view that can be written to.
fn view(piece: &Piece) -> Option<String> {
    let rename = piece.effects.renames.first()?;
    let (from, to) = (&rename.from, &rename.to);
    Some(format!(
        "alter table {from} rename to {to};\n-- in the same transaction: the old name goes on, for reads and for writes\n\
         create view {from} as select * from {to};"
    ))
}
