//! What a statement does CONCURRENTLY, in as much detail as it takes to find in the catalog what is left of it when it
//! breaks off.

use squawk_syntax::ast::{self, AlterTableAction, AstNode as _, DetachPartitionOption, ReindexTarget, Stmt};

use super::name::{bare_name, name, spelled};
use super::{Effects, InTransaction};

/// Work that no transaction takes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Concurrent {
    /// `create index concurrently`.
    Build(IndexShape),
    /// `reindex index concurrently`.
    ReindexIndex(String),
    /// `reindex table concurrently`.
    ReindexTable(String),
    /// `alter table ... detach partition ... concurrently`.
    Detach { parent: String, partition: String },
    /// `drop index concurrently`.
    DropIndex(Vec<String>),
}

/// An index as its statement describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexShape {
    pub(crate) table: String,
    /// Absent where the server chooses one.
    pub(crate) name: Option<String>,
    pub(crate) unique: bool,
    /// "btree", "gin".
    pub(crate) method: String,
    pub(crate) keys: Vec<IndexKey>,
    pub(crate) included: Vec<String>,
    /// It has a condition, which the server prints in its own way.
    pub(crate) partial: bool,
    /// It has storage parameters or treats nulls as equal.
    pub(crate) options: bool,
}

/// One key of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexKey {
    /// A column's bare name; `None` for an expression, which the server prints in its own way.
    pub(crate) column: Option<String>,
    /// Collation, operator class and order, as the catalog's queries print what is not the default.
    pub(crate) rest: String,
}

/// Reads it; `None` for whatever runs in a transaction or leaves nothing that could be looked for.
pub(crate) fn concurrent(statement: &Stmt, effects: &Effects) -> Option<Concurrent> {
    if effects.transaction != InTransaction::Forbidden {
        return None;
    }
    match statement {
        Stmt::CreateIndex(create) => Some(Concurrent::Build(shape(create))),
        Stmt::DropIndex(drop) => {
            Some(Concurrent::DropIndex(drop.index_refs().map(|index| spelled(index.syntax())).collect()))
        }
        Stmt::Reindex(reindex) => match reindex.reindex_target()? {
            ReindexTarget::ReindexTargetIndex(index) => {
                Some(Concurrent::ReindexIndex(name(index.index_ref())))
            }
            ReindexTarget::ReindexTargetTable(table) => {
                Some(Concurrent::ReindexTable(name(table.table_name_ref())))
            }
            _ => None,
        },
        Stmt::AlterTable(alter) => detach(alter),
        _ => None,
    }
}

fn detach(alter: &ast::AlterTable) -> Option<Concurrent> {
    let AlterTableAction::DetachPartition(detach) = alter.actions().next()? else { return None };
    let Some(DetachPartitionOption::DetachConcurrently(_)) = detach.detach_partition_option() else {
        return None;
    };
    let parent = name(alter.table_relation_name()?.table_name_ref());
    Some(Concurrent::Detach { parent, partition: name(detach.table_name_ref()) })
}

/// The index that a `create index` makes.
pub(crate) fn shape(create: &ast::CreateIndex) -> IndexShape {
    let method = create.using_method().and_then(|using| using.access_method_ref());
    let items = create.partition_item_list().into_iter().flat_map(|list| list.partition_items());
    let included = create.index_include_clause();
    let included =
        included.into_iter().flat_map(|clause| clause.syntax().descendants().filter_map(ast::NameRef::cast));
    IndexShape {
        table: name(create.table_relation_name().and_then(|on| on.table_name_ref())),
        name: create.index().map(|index| spelled(index.syntax())),
        unique: create.unique_token().is_some(),
        method: method.map_or_else(|| "btree".to_owned(), |method| spelled(method.syntax())),
        keys: items.map(|item| key(&item)).collect(),
        included: included.map(|column| bare_name(&spelled(column.syntax()))).collect(),
        partial: create.where_clause().is_some(),
        options: create.with_params().is_some() || create.nulls_distinct_option().is_some(),
    }
}

fn key(item: &ast::PartitionItem) -> IndexKey {
    // A collation stands around what it is of.
    let collate = item.collate();
    let of = collate.as_ref().map_or_else(|| item.expr(), ast::Collate::expr);
    let column = match of {
        Some(ast::Expr::NameRef(column)) => Some(bare_name(&spelled(column.syntax()))),
        _ => None,
    };
    let text = |node: &squawk_syntax::SyntaxNode| node.text().to_string().trim().to_lowercase();
    let said = |node: Option<String>| node.unwrap_or_default();
    let collation = collate.and_then(|collate| collate.collation_ref());
    let collation = collation.map(|collation| format!(" collate {}", text(collation.syntax())));
    let class = item.op_class_ref().map(|class| format!(" {}", spelled(class.syntax())));
    let desc = item.sort_order().is_some_and(|order| text(order.syntax()).starts_with("desc"));
    let first = item.nulls_order().map(|order| text(order.syntax()).ends_with("first"));
    let order = match (desc, first.unwrap_or(desc)) {
        (false, false) => "",
        (false, true) => " nulls first",
        (true, true) => " desc",
        (true, false) => " desc nulls last",
    };
    IndexKey { column, rest: format!("{}{}{order}", said(collation), said(class)) }
}

#[cfg(test)]
mod tests {
    use super::super::{NEWEST_MAJOR, describe_and_look};
    use super::*;

    fn read(sql: &str) -> Option<Concurrent> {
        describe_and_look(sql, NEWEST_MAJOR, concurrent).1.flatten()
    }

    #[test]
    fn what_is_done_concurrently_names_what_it_is_about() {
        let index = |name: &str| Some(Concurrent::ReindexIndex(name.to_owned()));
        assert_eq!(read("reindex index concurrently a.\"I\""), index("a.\"I\""));
        assert_eq!(read("reindex (concurrently) index i"), index("i"));
        assert_eq!(read("reindex table concurrently t"), Some(Concurrent::ReindexTable("t".to_owned())));
        assert_eq!(read("reindex index i"), None);
        assert_eq!(read("reindex database concurrently d"), None);
        let (parent, partition) = ("p".to_owned(), "a.p1".to_owned());
        assert_eq!(
            read("alter table only p detach partition a.p1 concurrently"),
            Some(Concurrent::Detach { parent, partition })
        );
        assert_eq!(read("alter table p detach partition p1"), None);
        assert_eq!(
            read("drop index concurrently if exists i, j"),
            Some(Concurrent::DropIndex(vec!["i".to_owned(), "j".to_owned()]))
        );
    }

    #[test]
    fn an_index_is_read_with_all_that_tells_it_from_others() {
        let sql = "create unique index concurrently on t using btree (a, \"B\" collate \"C\" text_pattern_ops desc nulls last, lower(c)) include (d, e) where a > 0";
        let Some(Concurrent::Build(shape)) = read(sql) else { panic!("{sql}") };
        let key = |column: Option<&str>, rest: &str| IndexKey {
            column: column.map(str::to_owned),
            rest: rest.to_owned(),
        };
        assert_eq!(
            shape.keys,
            [
                key(Some("a"), ""),
                key(Some("B"), " collate \"c\" text_pattern_ops desc nulls last"),
                key(None, "")
            ]
        );
        assert_eq!((shape.name, shape.table.as_str(), shape.method.as_str()), (None, "t", "btree"));
        assert_eq!(shape.included, ["d", "e"]);
        assert!(shape.unique && shape.partial && !shape.options);
    }
}
