//! Reading a snapshot: one query an object kind, put together by oid.

use std::collections::HashMap;

use sqlx::postgres::PgRow;
use sqlx::{Connection as _, FromRow, PgConnection};

use super::model::{
    Column, Constraint, Index, PartitionOf, Policy, SchemaSnapshot, Sequence, SequenceFacts, Statistics,
    Table, Trigger,
};
use super::{ObjectName, SnapshotScope, ledger_tables};
use crate::Result;

#[derive(FromRow)]
struct RelationRow {
    oid: i64,
    #[sqlx(flatten)]
    name: ObjectName,
    kind: String,
    persistence: String,
    options: Vec<String>,
    access_method: Option<String>,
    partition_key: Option<String>,
    bound: Option<String>,
    parent: Option<i64>,
    row_security: bool,
    forced_row_security: bool,
}

#[derive(FromRow)]
struct ConstraintRow {
    name: String,
    kind: String,
    columns: Vec<String>,
    target: Option<i64>,
    target_columns: Vec<String>,
    definition: String,
    is_valid: bool,
}

#[derive(FromRow)]
struct SequenceRow {
    #[sqlx(flatten)]
    name: ObjectName,
    #[sqlx(flatten)]
    facts: SequenceFacts,
    owner: Option<i64>,
    owner_column: Option<String>,
}

/// Something that belongs to a relation.
#[derive(FromRow)]
struct Part<T> {
    relation: i64,
    #[sqlx(flatten)]
    part: T,
}

type Parts<T> = HashMap<i64, Vec<T>>;

impl SchemaSnapshot {
    /// Reads the schemas of a scope. Only reads, and leaves the session's search path as it was; inside a transaction
    /// it is a savepoint, so that one must have been begun through sqlx.
    pub async fn read(session: &mut PgConnection, scope: &SnapshotScope) -> Result<Self> {
        let mut transaction = session.begin().await?;
        sqlx::query("select set_config('search_path', $1, true)")
            .bind(scope.path_setting())
            .execute(&mut *transaction)
            .await?;
        let read = Reader { session: &mut transaction, scope }.read().await;
        transaction.rollback().await?;
        read.map_err(|error| error.while_doing("cannot read the schema"))
    }
}

impl Index {
    /// The indexes of one relation, by its oid, as a snapshot has them.
    pub async fn of_relation(session: &mut PgConnection, relation: i64) -> Result<Vec<Self>> {
        let query = sqlx::query_as(include_str!("indexes.sql")).bind(vec![relation]);
        let rows: Vec<Part<Self>> = query.fetch_all(session).await?;
        Ok(rows.into_iter().map(|row| row.part).collect())
    }
}

struct Reader<'a> {
    session: &'a mut PgConnection,
    scope: &'a SnapshotScope,
}

impl Reader<'_> {
    async fn read(mut self) -> Result<SchemaSnapshot> {
        let ledgers = ledger_tables(self.session).await?;
        let books: Vec<i64> = ledgers.iter().map(|table| table.oid).collect();
        let relations = self.relations(&books).await?;
        let names: HashMap<i64, ObjectName> =
            relations.iter().map(|row| (row.oid, row.name.clone())).collect();
        let major: i32 = sqlx::query_scalar("select current_setting('server_version_num')::int / 10000")
            .fetch_one(&mut *self.session)
            .await?;
        let mut tools: Vec<String> = ledgers.into_iter().map(|table| table.tool).collect();
        tools.dedup();
        Ok(SchemaSnapshot {
            major: u32::try_from(major).unwrap_or_default(),
            tables: self.tables(relations, &names).await?,
            views: self.objects(include_str!("views.sql")).await?,
            routines: self.objects(include_str!("routines.sql")).await?,
            types: self.objects(include_str!("types.sql")).await?,
            sequences: self.sequences(&books, &names).await?,
            extensions: sqlx::query_as(include_str!("extensions.sql")).fetch_all(&mut *self.session).await?,
            tools,
        })
    }

    async fn relations(&mut self, books: &[i64]) -> Result<Vec<RelationRow>> {
        let query = sqlx::query_as(include_str!("relations.sql"));
        let query = query.bind(&self.scope.schemas).bind(&self.scope.home).bind(books);
        Ok(query.fetch_all(&mut *self.session).await?)
    }

    async fn objects<T>(&mut self, sql: &'static str) -> Result<Vec<T>>
    where
        T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let query = sqlx::query_as(sql).bind(&self.scope.schemas).bind(&self.scope.home);
        Ok(query.fetch_all(&mut *self.session).await?)
    }

    async fn parts<T>(&mut self, sql: &'static str, oids: &[i64]) -> Result<Parts<T>>
    where
        T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let rows: Vec<Part<T>> = sqlx::query_as(sql).bind(oids).fetch_all(&mut *self.session).await?;
        let mut parts = Parts::new();
        for row in rows {
            parts.entry(row.relation).or_insert_with(Vec::new).push(row.part);
        }
        Ok(parts)
    }

    async fn tables(
        &mut self,
        relations: Vec<RelationRow>,
        names: &HashMap<i64, ObjectName>,
    ) -> Result<Vec<Table>> {
        let oids: Vec<i64> = relations.iter().map(|row| row.oid).collect();
        let mut columns: Parts<Column> = self.parts(include_str!("columns.sql"), &oids).await?;
        let mut indexes: Parts<Index> = self.parts(include_str!("indexes.sql"), &oids).await?;
        let mut constraints: Parts<ConstraintRow> =
            self.parts(include_str!("constraints.sql"), &oids).await?;
        let mut triggers: Parts<Trigger> = self.parts(include_str!("triggers.sql"), &oids).await?;
        let mut policies: Parts<Policy> = self.parts(include_str!("policies.sql"), &oids).await?;
        let mut statistics: Parts<Statistics> = self.parts(include_str!("statistics.sql"), &oids).await?;
        let tables = relations.into_iter().map(|row| {
            let oid = row.oid;
            let constraints = constraints.remove(&oid).unwrap_or_default();
            Table {
                columns: columns.remove(&oid).unwrap_or_default(),
                indexes: indexes.remove(&oid).unwrap_or_default(),
                constraints: constraints.into_iter().map(|row| row.finish(names)).collect(),
                triggers: triggers.remove(&oid).unwrap_or_default(),
                policies: policies.remove(&oid).unwrap_or_default(),
                statistics: statistics.remove(&oid).unwrap_or_default(),
                ..row.finish(names)
            }
        });
        Ok(tables.collect())
    }

    async fn sequences(&mut self, books: &[i64], names: &HashMap<i64, ObjectName>) -> Result<Vec<Sequence>> {
        let query = sqlx::query_as(include_str!("sequences.sql"));
        let query = query.bind(&self.scope.schemas).bind(&self.scope.home).bind(books);
        let rows: Vec<SequenceRow> = query.fetch_all(&mut *self.session).await?;
        let sequences = rows.into_iter().map(|row| Sequence {
            name: row.name,
            facts: row.facts,
            owner: row.owner.and_then(|oid| Some((names.get(&oid)?.clone(), row.owner_column?))),
        });
        Ok(sequences.collect())
    }
}

impl RelationRow {
    fn finish(self, names: &HashMap<i64, ObjectName>) -> Table {
        let parent = self.parent.and_then(|oid| names.get(&oid)).cloned();
        Table {
            name: self.name,
            kind: self.kind,
            persistence: self.persistence,
            options: self.options,
            access_method: self.access_method,
            partition_key: self.partition_key,
            partition_of: parent.map(|parent| PartitionOf { parent, bound: self.bound }),
            row_security: self.row_security,
            forced_row_security: self.forced_row_security,
            columns: Vec::new(),
            indexes: Vec::new(),
            constraints: Vec::new(),
            triggers: Vec::new(),
            policies: Vec::new(),
            statistics: Vec::new(),
        }
    }
}

impl ConstraintRow {
    fn finish(self, names: &HashMap<i64, ObjectName>) -> Constraint {
        Constraint {
            name: self.name,
            kind: self.kind,
            columns: self.columns,
            target: self.target.and_then(|oid| names.get(&oid)).cloned(),
            target_columns: self.target_columns,
            definition: self.definition,
            valid: self.is_valid,
        }
    }
}
