//! Statements about rows: all of them at once, and by position.

use squawk_syntax::ast::{self, AstNode as _, InsertSource, Stmt};

use super::super::source::{Found, Piece, Source};

pub(super) fn check(source: &Source<'_>, found: &mut Vec<Found>) {
    for piece in &source.statements {
        found.extend(write(source, piece));
        found.extend(truncate(source, piece));
        found.extend(by_position(piece));
    }
}

fn write(source: &Source<'_>, piece: &Piece) -> Option<Found> {
    let (verb, filtered, joined) = match &piece.tree {
        Stmt::Update(update) => {
            ("update", update.where_clause_or_current_of().is_some(), update.from_clause().is_some())
        }
        Stmt::Delete(delete) => {
            ("delete", delete.where_clause_or_current_of().is_some(), delete.using_clause().is_some())
        }
        _ => return None,
    };
    let table = piece.effects.touches.first()?.relation.clone();
    if piece.is_new(&table) {
        return None;
    }
    let rewrite = in_batches(&table, verb);
    if !filtered && !joined {
        let what = format!("The {verb} goes through every row of {table}");
        let why = "Each row that it touches is locked until the end of the transaction, written to the log and left behind dead. \
                   Outside of migrations it is mostly a mistake.";
        return Some(piece.found("write-without-where", what, why).instead(rewrite));
    }
    let facts = source.facts(piece, &table).filter(|facts| facts.is_large())?;
    if is_bounded(piece) {
        return None;
    }
    let what = format!("The {verb} goes through {table} in one statement");
    let why = format!(
        "{table} has {}: rows stay locked until the end, and the dead ones cannot be cleared away.",
        facts.words()
    );
    Some(piece.found("unbatched-write", what, why).instead(rewrite))
}

/// Whether a subquery with a limit bounds how many rows are touched, or a cursor points to one.
fn is_bounded(piece: &Piece) -> bool {
    let bounds = |node: squawk_syntax::SyntaxNode| {
        ast::LimitClause::can_cast(node.kind())
            || ast::FetchClause::can_cast(node.kind())
            || ast::WhereCurrentOf::can_cast(node.kind())
    };
    piece.tree.syntax().descendants().any(bounds)
}

/// Batches of their own transactions, which a do block may have where no transaction is around it.
fn in_batches(table: &str, verb: &str) -> String {
    let batch = format!("select id from {table} where CONDITION order by id limit 5000 for update");
    let write = match verb {
        "update" => format!("update {table} set COLUMN = VALUE where id in ({batch})"),
        _ => format!("delete from {table} where id in ({batch})"),
    };
    format!(
        "-- evaldesk: no-transaction\n\ndo $$\nbegin\n  loop\n    {write};\n    exit when not found;\n    commit;\n  \
         end loop;\nend\n$$;"
    )
}

fn truncate(source: &Source<'_>, piece: &Piece) -> Option<Found> {
    let old: Vec<_> = piece.effects.touches.iter().filter(|touch| !piece.is_new(&touch.relation)).collect();
    let first = old.first().filter(|_| piece.effects.truncates)?;
    let what = format!("Every row of {} is gone", first.relation);
    let known = source.facts(piece, &first.relation).map(|facts| format!(" It has {}.", facts.words()));
    let why = format!(
        "Reads and writes wait for it, and foreign keys that point there stop it.{} Rows of a migration's own making it may clear.",
        known.unwrap_or_default()
    );
    Some(piece.found("truncate", what, why))
}

/// `insert into a select * from b`: the columns meet by their place, and a new one in the middle shifts them all.
fn by_position(piece: &Piece) -> Option<Found> {
    let Stmt::Insert(insert) = &piece.tree else { return None };
    let Some(InsertSource::SelectVariant(select)) = insert.insert_source() else { return None };
    let named = insert.column_target_list().is_some();
    let target = select.syntax().descendants().find_map(ast::TargetList::cast)?;
    let star = target.syntax().text().to_string().trim() == "*";
    if named || !star {
        return None;
    }
    let table = piece.effects.touches.first()?.relation.clone();
    let from = piece.effects.touches.get(1).map_or("OLD_TABLE", |touch| touch.relation.as_str());
    let what = format!("The columns of {from} and {table} meet by their position");
    let why = "A column that stands elsewhere in one of them puts values where they do not belong, without an error as \
               long as the types agree. In one transaction, it also holds every row back until the end.";
    let rewrite =
        format!("insert into {table} (COLUMNS)\nselect COLUMNS from {from} where id > LOW and id <= HIGH;");
    Some(piece.found("insert-by-position", what, why).instead(rewrite))
}
