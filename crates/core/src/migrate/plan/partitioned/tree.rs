//! Partitioned tables as the catalog has them: what is below them, and which indexes each has.

use std::collections::HashMap;

use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::Result;
use crate::ident::QualifiedName;

/// Every partitioned table that statements of the plan are about.
#[derive(Debug, Default)]
pub(super) struct Trees {
    /// By the table's name as the statement spells it.
    pub(super) of_table: HashMap<String, Tree>,
    /// By the index's name, with the bare name of it.
    pub(super) of_index: HashMap<String, (String, Tree)>,
}

/// A partitioned table and everything below it, the table itself first.
#[derive(Debug, Default)]
pub(super) struct Tree(Vec<Member>);

/// A table of it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Member {
    pub(super) oid: i64,
    parent: Option<i64>,
    pub(super) schema: String,
    pub(super) name: String,
    /// `relkind`: r, p, f.
    pub(super) kind: String,
    indexes: Json<Vec<Own>>,
}

/// An index of it.
#[derive(Debug, Deserialize)]
pub(super) struct Own {
    pub(super) oid: i64,
    pub(super) name: String,
    pub(super) valid: bool,
    /// The parent's index that it is attached to.
    of: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Row {
    asked: String,
    by_index: bool,
    index_name: Option<String>,
    #[sqlx(flatten)]
    member: Member,
}

impl Trees {
    /// Reads them in one query.
    pub(super) async fn read(
        session: &mut PgConnection,
        tables: &[String],
        indexes: &[String],
    ) -> Result<Self> {
        let query = sqlx::query_as(include_str!("../partitioned.sql")).bind(tables).bind(indexes);
        let rows: Vec<Row> = query.fetch_all(session).await?;
        let mut trees = Self::default();
        for row in rows {
            let tree = match row.by_index {
                false => trees.of_table.entry(row.asked).or_default(),
                true => {
                    let name = row.index_name.unwrap_or_default();
                    &mut trees.of_index.entry(row.asked).or_insert_with(|| (name, Tree::default())).1
                }
            };
            tree.0.push(row.member);
        }
        Ok(trees)
    }
}

impl Tree {
    /// The partitioned table itself.
    pub(super) fn root(&self) -> Option<&Member> {
        self.0.first()
    }

    /// The direct partitions of a table.
    pub(super) fn below(&self, table: &Member) -> impl Iterator<Item = &Member> {
        self.0.iter().filter(move |member| member.parent == Some(table.oid))
    }

    /// How many tables hold rows.
    pub(super) fn leaves(&self) -> usize {
        self.0.iter().filter(|member| member.kind != "p").count()
    }
}

impl Member {
    pub(super) fn qualified(&self) -> QualifiedName {
        self.sibling(&self.name)
    }

    /// Something else of its schema: its index.
    pub(super) fn sibling(&self, name: &str) -> QualifiedName {
        QualifiedName::new(&*self.schema, name)
    }

    /// Its index of a name.
    pub(super) fn index(&self, name: &str) -> Option<&Own> {
        self.indexes.iter().find(|index| index.name == name)
    }

    /// Its index that is attached to an index of its parent.
    pub(super) fn attached_to(&self, parent: Option<&Own>) -> Option<&Own> {
        let parent = parent?.oid;
        self.indexes.iter().find(|index| index.of == Some(parent))
    }
}

impl Own {
    pub(super) fn is_attached(&self) -> bool {
        self.of.is_some()
    }
}
