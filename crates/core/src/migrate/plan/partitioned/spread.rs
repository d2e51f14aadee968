//! One statement into those that the server takes.

use std::collections::HashSet;

use super::name::of_partition;
use super::tree::{Member, Own, Tree, Trees};
use crate::ident::{Ident, QualifiedName};
use crate::migrate::plan::reading::Build;
use crate::migrate::plan::statements::ReadStatement;
use crate::migrate::plan::{StatementPurpose, Step};
use crate::sql::SafeSql;
use crate::sql::statement::bare_name;
use crate::{Error, ErrorKind, Result};

impl Trees {
    /// What is sent in the place of a statement, the last of them with its number, and what is said of that. A statement
    /// that the server takes stays as it is. The plan drops the indexes that are `gone` before.
    pub(super) fn instead_of(
        &self,
        statement: ReadStatement,
        step: &Step<'_>,
        gone: &HashSet<String>,
        major: u32,
    ) -> Result<(Vec<ReadStatement>, Option<String>)> {
        let build = statement.reading.builds.as_ref().filter(|build| build.concurrently && !build.only);
        if let Some((build, tree)) = build.and_then(|build| Some((build, self.of_table.get(&build.table)?))) {
            let place = format!("{} {}", step.migration.version, step.migration.name);
            let sql = Spread::of(build, tree, gone).map_err(|error| error.while_doing(&place))?;
            let notice = built(build, tree);
            return Ok((numbered(sql, &statement, major), Some(notice)));
        }
        let dropped = statement.reading.drops_concurrently.as_ref();
        if let Some((index, tree)) = dropped.and_then(|name| self.of_index.get(name)) {
            let sql = at_once(&statement.sql);
            let mut sent = if step.mends { orphans(tree, index, major) } else { Vec::new() };
            sent.extend(numbered(vec![SafeSql::trusted_file(sql)], &statement, major));
            return Ok((sent, Some(dropped_at_once(index, tree))));
        }
        Ok((vec![statement], None))
    }
}

fn built(build: &Build, tree: &Tree) -> String {
    let (name, table) = (build.name.as_deref().unwrap_or_default(), &build.table);
    format!(
        "{table} is partitioned: {name} is made on it alone, built on its {} partitions one by one while others write, and attached. It serves queries with the last one.",
        tree.leaves()
    )
}

fn dropped_at_once(index: &str, tree: &Tree) -> String {
    let table = tree.root().map_or("", |root| root.name.as_str());
    format!(
        "{table} is partitioned: no server drops {index} concurrently. It goes with those of all partitions, and nobody gets in for that moment."
    )
}

/// The last one ends the statement of the file.
fn numbered(sql: Vec<SafeSql>, of: &ReadStatement, major: u32) -> Vec<ReadStatement> {
    let last = sql.len().saturating_sub(1);
    let part = |(at, sql): (usize, SafeSql)| {
        let (index, purpose) =
            if at == last { (of.index, StatementPurpose::Instead) } else { (None, StatementPurpose::Part) };
        ReadStatement { index, line: of.line, ..ReadStatement::of_ours(sql.as_str(), purpose, major) }
    };
    sql.into_iter().enumerate().map(part).collect()
}

/// The same without CONCURRENTLY.
fn at_once(sql: &str) -> String {
    use crate::sql::lex::{TokenKind, Tokens};
    let mut words = Tokens::of(sql).map_while(Result::ok).filter(|token| token.kind == TokenKind::Word);
    let found = words.find(|token| token.text(sql).eq_ignore_ascii_case("concurrently"));
    found.map_or_else(
        || sql.to_owned(),
        |word| format!("{}{}", &sql[..word.start], sql[word.end..].trim_start()),
    )
}

/// What a broken build made on partitions and nobody attached: the parent's index does not take it along.
fn orphans(tree: &Tree, index: &str, major: u32) -> Vec<ReadStatement> {
    let mut found = Vec::new();
    if let Some(root) = tree.root() {
        gather(tree, root, index, &mut found);
    }
    let drop = |sql: &SafeSql| ReadStatement::of_ours(sql.as_str(), StatementPurpose::Leftover, major);
    found.iter().map(drop).collect()
}

/// From below, and of a partition with partitions of its own all at once, with what is attached to it.
fn gather(tree: &Tree, table: &Member, index: &str, found: &mut Vec<SafeSql>) {
    for partition in tree.below(table) {
        let name = of_partition(&partition.name, index);
        gather(tree, partition, &name, found);
        if partition.index(&name).is_some_and(|own| !own.is_attached()) {
            let drop = if partition.kind == "p" { "drop index " } else { "drop index concurrently " };
            found.push(SafeSql::new(drop).name(&partition.sibling(&name)));
        }
    }
}

/// A build in the making.
struct Spread<'a> {
    build: &'a Build,
    tree: &'a Tree,
    /// Whatever the catalog has of it goes before it is built.
    anew: bool,
    sql: Vec<SafeSql>,
}

impl<'a> Spread<'a> {
    /// Every statement that is missing yet, in the order in which they have to run.
    fn of(build: &'a Build, tree: &'a Tree, gone: &HashSet<String>) -> Result<Vec<SafeSql>> {
        let name = build.name.as_deref().map(bare_name).ok_or_else(|| nameless(build))?;
        let mut spread = Self { build, tree, anew: gone.contains(&name), sql: Vec::new() };
        let Some(root) = tree.root() else { return Ok(spread.sql) };
        match spread.index(root, &name) {
            // It is there: the server says so, or leaves it, as the statement of the file asks for.
            Some(own) if own.valid => spread.on_only(root, &name, build.if_not_exists),
            _ => spread.level(root, &name)?,
        }
        if spread.sql.is_empty() {
            spread.on_only(root, &name, true);
        }
        Ok(spread.sql)
    }

    fn index(&self, table: &'a Member, name: &str) -> Option<&'a Own> {
        table.index(name).filter(|_| !self.anew)
    }

    /// The index of one partitioned table, with everything below it.
    fn level(&mut self, table: &'a Member, name: &str) -> Result<()> {
        let own = self.index(table, name);
        if own.is_none() {
            self.on_only(table, name, false);
        }
        for partition in self.tree.below(table) {
            match partition.attached_to(own) {
                Some(attached) if !attached.valid && partition.kind == "p" => {
                    self.level(partition, &attached.name)?;
                }
                Some(_) => {}
                None => self.partition(partition, &table.sibling(name))?,
            }
        }
        Ok(())
    }

    fn partition(&mut self, partition: &'a Member, parent: &QualifiedName) -> Result<()> {
        let name = of_partition(&partition.name, parent.name.as_str());
        match partition.kind.as_str() {
            "f" => return Err(foreign(self.build, partition)),
            "p" => self.level(partition, &name)?,
            // An invalid one is cleared away first, as for any build.
            _ if self.index(partition, &name).is_some_and(|own| own.valid) => {}
            _ => self.concurrently(partition, &name),
        }
        let own = partition.sibling(&name);
        self.sql.push(SafeSql::new("alter index ").name(parent).push(" attach partition ").name(&own));
        Ok(())
    }

    fn on_only(&mut self, table: &Member, name: &str, if_not_exists: bool) {
        let head = self.head().push(if if_not_exists { "if not exists " } else { "" });
        self.sql.push(self.tail(head.ident(&Ident::new(name)).push(" on only "), table));
    }

    fn concurrently(&mut self, table: &Member, name: &str) {
        let head = self.head().push("concurrently ").ident(&Ident::new(name)).push(" on ");
        self.sql.push(self.tail(head, table));
    }

    fn head(&self) -> SafeSql {
        SafeSql::new(if self.build.unique { "create unique index " } else { "create index " })
    }

    /// What stands behind the table in the file counts for each partition alike: their columns have the same names.
    fn tail(&self, head: SafeSql, table: &Member) -> SafeSql {
        head.name(&table.qualified()).sql(&SafeSql::trusted_file(&self.build.rest))
    }
}

fn nameless(build: &Build) -> Error {
    let what = format!(
        "no server builds an index concurrently on {}, which is partitioned, and this one has no name",
        build.table
    );
    Error::new(ErrorKind::Precondition, what).hint(
        "Give it a name: then it is made on the parent alone, built partition by partition, and attached.",
    )
}

/// Its index would stay invalid: the server waits for one of each partition, and a foreign table has none.
fn foreign(build: &Build, partition: &Member) -> Error {
    let what = format!(
        "no server builds an index concurrently on {}, which is partitioned, and its partition {} is a foreign table that takes no index",
        build.table, partition.name
    );
    let name = build.name.as_deref().unwrap_or("NAME");
    Error::new(ErrorKind::Precondition, what).hint(format!(
        "Built partition by partition it would never become valid. Detach {} first, or write create index {name} on {}{} without CONCURRENTLY: writes wait until it is built.",
        partition.name, build.table, build.rest
    ))
}
