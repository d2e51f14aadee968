//! What a page of rows has to know of its table: columns, types by qualified name, and the key.

use sqlx::FromRow;

use super::super::{TableName, table};
use super::RowColumn;
use crate::connection::Database;
use crate::{Error, ErrorKind, QualifiedName, Result};

/// The columns of a table as statements need them.
#[derive(Debug, Clone)]
pub(in crate::catalog) struct Shape {
    pub(super) table: TableName,
    pub(super) columns: Vec<Column>,
    key: Vec<Column>,
    primary_key: bool,
}

#[derive(Debug, Clone, FromRow)]
pub(in crate::catalog) struct Column {
    pub(in crate::catalog) name: String,
    pub(in crate::catalog) type_name: String,
    type_schema: String,
    type_internal: String,
    pub(super) not_null: bool,
    /// Place in the primary key, from 1.
    key_place: Option<i32>,
    /// Whether the server can compare two values of the type.
    pub(super) ordered: bool,
}

impl Shape {
    pub(in crate::catalog) async fn read(database: &Database, name: &TableName) -> Result<Self> {
        let oid = table::oid(database, name).await?;
        let columns: Vec<Column> =
            sqlx::query_as(include_str!("shape.sql")).bind(oid).fetch_all(database.pool()).await?;
        let has_ctid: bool = sqlx::query_scalar(
            "select relkind in ('r', 'm', 'p', 't') from pg_class where oid = $1::bigint::oid",
        )
        .bind(oid)
        .fetch_one(database.pool())
        .await?;
        let mut key: Vec<Column> =
            columns.iter().filter(|column| column.key_place.is_some()).cloned().collect();
        key.sort_by_key(|column| column.key_place);
        let primary_key = !key.is_empty();
        if !primary_key && has_ctid {
            key.push(Column::ctid());
        }
        Ok(Self { table: name.clone(), columns, key, primary_key })
    }

    /// What names a row: the primary key, else ctid, else nothing.
    pub(in crate::catalog) fn key(&self) -> &[Column] {
        &self.key
    }

    pub(super) fn has_primary_key(&self) -> bool {
        self.primary_key
    }

    pub(in crate::catalog) fn column(&self, name: &str) -> Result<&Column> {
        self.columns.iter().find(|column| column.name == name).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("{} has no column {name}", self.table))
                .hint("Reload the schema: the column may have been renamed or dropped.")
        })
    }
}

impl Column {
    /// The type by schema and internal name, which quotes safely (`"pg_catalog"."int8"`).
    pub(in crate::catalog) fn type_reference(&self) -> QualifiedName {
        QualifiedName::new(&self.type_schema, &self.type_internal)
    }

    fn ctid() -> Self {
        Self {
            name: "ctid".into(),
            type_name: "tid".into(),
            type_schema: "pg_catalog".into(),
            type_internal: "tid".into(),
            not_null: true,
            key_place: None,
            ordered: false,
        }
    }
}

impl From<&Column> for RowColumn {
    fn from(column: &Column) -> Self {
        Self {
            name: column.name.clone(),
            type_name: column.type_name.clone(),
            primary_key: column.key_place.is_some(),
        }
    }
}
