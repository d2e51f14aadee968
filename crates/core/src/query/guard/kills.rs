//! Which statements take data away that is not named row by row, and from what.

use squawk_syntax::ast::{self, AstNode as _, Stmt};
use squawk_syntax::{SyntaxKind, SyntaxNode};

use crate::sql::statement::{Effects, ObjectKind, describe_and_look};

/// What dies, as far as the text tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Killed {
    pub(super) of: Scope,
    pub(super) why: &'static str,
}

/// Whose rows and bytes are looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scope {
    /// As it is spelled, quotes and all.
    Relation(String),
    Schema(String),
    Database(String),
    /// Something without rows of its own.
    Other(String),
}

impl Scope {
    /// The name to show.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Relation(name) | Self::Schema(name) | Self::Database(name) | Self::Other(name) => name,
        }
    }
}

/// What a statement kills; nothing where it kills nothing, or where its text does not tell.
pub(super) fn kills(sql: &str, major: u32) -> Vec<Killed> {
    let (_, found) = describe_and_look(sql, major, |statement, effects| {
        let mut killed = rows(statement.syntax());
        killed.extend(dropped(statement, effects));
        killed
    });
    found.unwrap_or_default()
}

/// What any statement works on, for showing it.
pub(super) fn works_on(sql: &str, major: u32) -> Option<Scope> {
    let (effects, _) = describe_and_look(sql, major, |_, _| ());
    let strongest = effects.touches.iter().max_by_key(|touch| touch.mode);
    let made = effects.creates.first().map(|object| Scope::Other(object.name.clone()));
    strongest.map(|touch| Scope::Relation(touch.relation.clone())).or(made)
}

/// Rows that go without being told apart, wherever they stand in the statement.
fn rows(tree: &SyntaxNode) -> Vec<Killed> {
    let killed = tree.descendants().filter_map(|node| {
        let (name, why) = if let Some(delete) = ast::Delete::cast(node.clone()) {
            let name = delete.relation_name().map(|name| name.syntax().clone());
            (name, unfiltered(&node).then_some("delete without where: every row goes")?)
        } else if let Some(update) = ast::Update::cast(node.clone()) {
            let name = update.relation_name().map(|name| name.syntax().clone());
            (name, unfiltered(&node).then_some("update without where: every row is changed")?)
        } else {
            let merge = ast::Merge::cast(node.clone())?;
            let deletes = node.descendants().any(|part| part.kind() == SyntaxKind::MERGE_DELETE);
            let name = merge.table_relation_name().map(|name| name.syntax().clone());
            (name, deletes.then_some("merge that deletes rows")?)
        };
        let name = name.map_or_else(String::new, |name| spelled(&name));
        Some(Killed { of: Scope::Relation(name), why })
    });
    killed.collect()
}

/// The path in a name's node, without `only` and `*`.
fn spelled(node: &SyntaxNode) -> String {
    let path = node.descendants().find(|part| part.kind() == SyntaxKind::PATH_REF);
    path.map_or_else(String::new, |path| path.text().to_string())
}

/// Whether it has no condition, or one in which no column stands.
fn unfiltered(statement: &SyntaxNode) -> bool {
    let condition = statement.children().find(|child| {
        matches!(
            child.kind(),
            SyntaxKind::WHERE_CLAUSE | SyntaxKind::WHERE_CURRENT_OF | SyntaxKind::WHERE_CONDITION_CLAUSE
        )
    });
    let Some(condition) = condition else { return true };
    condition.kind() != SyntaxKind::WHERE_CURRENT_OF
        && !condition.descendants().any(|part| {
            matches!(part.kind(), SyntaxKind::NAME_REF | SyntaxKind::FIELD_EXPR | SyntaxKind::SELECT)
        })
}

fn dropped(statement: &Stmt, effects: &Effects) -> Vec<Killed> {
    if effects.truncates {
        let why = "truncate: every row goes";
        let relations = effects.touches.iter().map(|touch| touch.relation.clone());
        return relations.map(|name| Killed { of: Scope::Relation(name), why }).collect();
    }
    let kind = format!("{:?}", statement.syntax().kind());
    let objects = effects.drops.iter();
    if kind == "ALTER_TABLE" {
        let columns = objects.filter(|object| object.kind == ObjectKind::Column);
        let of = |table: &str| Scope::Relation(table.to_owned());
        let why = "the column goes with all of its values";
        return columns
            .map(|column| Killed { of: of(column.of_table.as_deref().unwrap_or(&column.name)), why })
            .collect();
    }
    if !kind.starts_with("DROP_") {
        return Vec::new();
    }
    let why = "what is dropped does not come back";
    let found: Vec<Killed> =
        objects.map(|object| Killed { of: scope(object.kind, &object.name), why }).collect();
    if found.is_empty() { vec![Killed { of: whole(statement), why }] } else { found }
}

fn scope(kind: ObjectKind, name: &str) -> Scope {
    match kind {
        ObjectKind::Table | ObjectKind::MaterializedView | ObjectKind::Index => {
            Scope::Relation(name.to_owned())
        }
        ObjectKind::Schema => Scope::Schema(name.to_owned()),
        ObjectKind::Database => Scope::Database(name.to_owned()),
        _ => Scope::Other(name.to_owned()),
    }
}

/// What is dropped where nobody lists it: a database, what a role owns.
fn whole(statement: &Stmt) -> Scope {
    let text = statement.syntax().text().to_string();
    let last = text.trim_end_matches(';').split_whitespace().last().unwrap_or_default().to_owned();
    match statement {
        Stmt::DropDatabase(drop) => {
            let name = drop.syntax().children().find(|part| part.kind() == SyntaxKind::DATABASE_REF);
            Scope::Database(name.map_or(last, |name| name.text().to_string()))
        }
        _ => Scope::Other(last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, expected: &[Scope]) {
        let found: Vec<Scope> = kills(sql, 18).into_iter().map(|killed| killed.of).collect();
        assert_eq!(found, expected, "{sql}");
    }

    fn relation(name: &str) -> Scope {
        Scope::Relation(name.to_owned())
    }

    #[test]
    fn rows_die_where_no_condition_tells_them_apart() {
        check("delete from t", &[relation("t")]);
        check("delete from only app.\"T\" where true", &[relation("app.\"T\"")]);
        check("update t set a = 1 where 1 = 1", &[relation("t")]);
        check("update t set a = 1 where id = 3", &[]);
        check("update t set a = 1 where exists (select from u)", &[]);
        check("delete from t where current of c", &[]);
        check("with gone as (delete from t returning *) select * from gone", &[relation("t")]);
        check("explain analyze delete from t", &[relation("t")]);
        check("merge into t using u on t.a = u.a when matched then delete", &[relation("t")]);
        check("merge into t using u on t.a = u.a when matched then update set b = 1", &[]);
    }

    #[test]
    fn what_is_dropped_or_emptied_dies_with_its_rows() {
        check("truncate t, app.u cascade", &[relation("t"), relation("app.u")]);
        check("drop table if exists t, u", &[relation("t"), relation("u")]);
        check("alter table t drop column a, add column b int", &[relation("t")]);
        check("alter table t add column a int", &[]);
        check("drop database if exists d with (force)", &[Scope::Database("d".to_owned())]);
        check("drop schema s cascade", &[Scope::Schema("s".to_owned())]);
        check("drop owned by r", &[Scope::Other("r".to_owned())]);
        check("insert into t values (1)", &[]);
        check("select 1", &[]);
    }
}
