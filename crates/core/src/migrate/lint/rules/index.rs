//! Indexes: how they are built, and which of them are too many.

use squawk_syntax::ast::{self, AstNode as _, Stmt};

use super::super::source::{Found, Piece, Source};
use crate::sql::statement::{ObjectKind, bare_name};

pub(super) fn check(source: &Source<'_>, found: &mut Vec<Found>) {
    let indexes: Vec<_> = source.statements.iter().filter_map(Index::read).collect();
    for index in &indexes {
        found.extend(blocking(source, index));
        found.extend(skips_invalid(index));
        found.extend(partitioned(source, index));
        found.extend(operator_class(index));
        found.extend(redundant(index, &indexes));
    }
}

/// A `create index`, read.
pub(super) struct Index<'a> {
    pub(super) piece: &'a Piece,
    create: &'a ast::CreateIndex,
    pub(super) name: Option<String>,
    pub(super) table: String,
    /// Each column or expression with whatever is said of it.
    pub(super) items: Vec<String>,
    method: String,
}

impl<'a> Index<'a> {
    pub(super) fn read(piece: &'a Piece) -> Option<Self> {
        let Stmt::CreateIndex(create) = &piece.tree else { return None };
        let made = piece.effects.creates.iter().find(|object| object.kind == ObjectKind::Index)?;
        let method = create.using_method().and_then(|using| using.access_method_ref());
        let method = method.map_or_else(|| "btree".to_owned(), |method| method.syntax().text().to_string());
        let items = create.partition_item_list().into_iter().flat_map(|list| list.partition_items());
        Some(Self {
            piece,
            create,
            name: Some(made.name.clone()).filter(|name| !name.is_empty()),
            table: made.of_table.clone()?,
            items: items.map(|item| item.syntax().text().to_string().trim().to_lowercase()).collect(),
            method: method.to_lowercase(),
        })
    }

    pub(super) fn concurrently(&self) -> bool {
        self.create.concurrently_token().is_some()
    }

    fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("on {} ({})", self.table, self.items.join(", ")))
    }

    fn is_plain(&self) -> bool {
        self.method == "btree" && self.create.where_clause().is_none()
    }
}

/// On a table of which the size is known, the library's warning is too weak.
fn blocking(source: &Source<'_>, index: &Index<'_>) -> Option<Found> {
    let facts = source.facts(index.piece, &index.table).filter(|facts| facts.is_large())?;
    if index.concurrently() || index.create.table_relation_name()?.only_token().is_some() {
        return None;
    }
    let what = format!("Every write to {} waits until the index is built", index.table);
    let slow = if index.method == "gin" {
        " A gin index over jsonb builds many times slower than a btree."
    } else {
        ""
    };
    let why = format!("{} has {}.{slow}", index.table, facts.words());
    let text = index.piece.text(source);
    let at = usize::from(index.create.index_token()?.text_range().end()) - index.piece.start;
    let rewrite = format!("-- evaldesk: no-transaction\n\n{} concurrently{};", &text[..at], &text[at..]);
    Some(index.piece.found("large-index-build", what, why).instead(rewrite))
}

fn skips_invalid(index: &Index<'_>) -> Option<Found> {
    index.create.if_not_exists()?;
    let name = index.name.clone()?;
    let what = format!(
        "An index named {name} that is there already is left as it is, even if it is invalid or another one"
    );
    let why = "A concurrent build that broke off leaves an invalid index: it serves no query, and \"if not exists\" is \
               content with it. Evaldesk looks first and drops an invalid one; rake, psql and others do not.";
    let rewrite = format!(
        "-- evaldesk: no-transaction\n\ndrop index concurrently if exists {name};\n\n{};",
        without_if(index)
    );
    Some(index.piece.found("build-skips-invalid-index", what, why).instead(rewrite))
}

fn without_if(index: &Index<'_>) -> String {
    let tokens = index.create.syntax().descendants_with_tokens().filter_map(|element| element.into_token());
    let skipped = index.create.if_not_exists().map(|clause| clause.syntax().text_range());
    let kept = tokens.filter(|token| !skipped.is_some_and(|range| range.contains_range(token.text_range())));
    let text: String = kept.map(|token| token.text().to_owned()).collect();
    text.trim().trim_end_matches(';').split("  ").map(str::trim).collect::<Vec<_>>().join(" ")
}

fn partitioned(source: &Source<'_>, index: &Index<'_>) -> Option<Found> {
    let known = source.facts(index.piece, &index.table).is_some_and(|facts| facts.partitioned);
    let made_here = source.statements.iter().any(|piece| partitions(piece, &index.table));
    if !index.concurrently()
        || !(known || made_here)
        || index.create.table_relation_name()?.only_token().is_some()
    {
        return None;
    }
    let (table, items) = (&index.table, index.items.join(", "));
    let what = format!("{table} is partitioned: no server builds an index on all of it concurrently");
    let why = "Make it on the parent alone, build it on each partition concurrently, and attach these. With the last of \
               them the parent's index becomes valid. Evaldesk plans it so by itself where the table is partitioned by \
               then; rake, psql and others break off here.";
    let rewrite = format!(
        "create index PARENT_INDEX on only {table} using {} ({items});\n\
         create index concurrently PARTITION_INDEX on PARTITION using {} ({items});\n\
         alter index PARENT_INDEX attach partition PARTITION_INDEX;",
        index.method, index.method
    );
    Some(index.piece.found("concurrently-on-partitioned", what, why).instead(rewrite))
}

/// Whether a statement makes this table partitioned.
pub(super) fn partitions(piece: &Piece, table: &str) -> bool {
    let Stmt::CreateTable(create) = &piece.tree else { return false };
    let made = piece.effects.creates.iter().find(|object| object.kind == ObjectKind::Table);
    create.partition_by().is_some() && made.is_some_and(|made| bare_name(&made.name) == bare_name(table))
}

fn operator_class(index: &Index<'_>) -> Option<Found> {
    let [column] = index.items.as_slice() else { return None };
    if index.method != "gin" || column.contains(|c: char| c.is_whitespace() || c == '(') {
        return None;
    }
    let what = format!("The index over {column} takes the default operator class");
    let why = "Over jsonb that is jsonb_ops: it answers ?, ?| and ?& too, and was measured more than twice as large as \
               jsonb_path_ops, which answers @> and @@. Where only @> is asked, the smaller one serves.";
    let table = &index.table;
    let rewrite = format!("create index concurrently on {table} using gin ({column} jsonb_path_ops);");
    Some(index.piece.found("gin-operator-class", what, why).instead(rewrite))
}

/// Both in one file: what is there already, the health of the database tells.
fn redundant(index: &Index<'_>, all: &[Index<'_>]) -> Option<Found> {
    let is_prefix = |other: &&Index<'_>| {
        !std::ptr::eq(*other, index)
            && bare_name(&other.table) == bare_name(&index.table)
            && other.is_plain()
            && other.items.starts_with(&index.items)
            && (other.items.len() > index.items.len() || other.piece.start < index.piece.start)
    };
    if !index.is_plain() || index.create.unique_token().is_some() || index.items.is_empty() {
        return None;
    }
    let wider = all.iter().find(is_prefix)?;
    let what =
        format!("{} begins with the columns of {} and serves the same queries", wider.label(), index.label());
    let why = "An index more is written with every row, and read by nobody.";
    Some(index.piece.found("redundant-index", what, why))
}
