//! The columns of a result: what comes with the rows, and what the catalog adds to it.

use sqlx::postgres::{PgColumn, PgConnection};
use sqlx::{Column as _, FromRow, PgExecutor};

use super::state::{ColumnKind, QueryColumn};
use crate::Result;
use crate::catalog::TableName;

/// A column as the server describes it beside its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Described {
    name: String,
    type_oid: u32,
    table_oid: u32,
    attribute: i16,
}

#[derive(FromRow)]
struct Found {
    type_name: Option<String>,
    base_oid: Option<i64>,
    category: Option<String>,
    table_schema: Option<String>,
    table_name: Option<String>,
    column_name: Option<String>,
}

/// What the driver knows of columns.
pub(super) fn described(columns: &[PgColumn]) -> Vec<Described> {
    let describe = |column: &PgColumn| Described {
        name: column.name().to_owned(),
        type_oid: column.type_info().oid().map_or(0, |oid| oid.0),
        table_oid: column.relation_id().map_or(0, |oid| oid.0),
        attribute: column.relation_attribute_no().unwrap_or(0),
    };
    columns.iter().map(describe).collect()
}

/// The one column of what COPY sends to its client.
pub(super) fn copied() -> Vec<Described> {
    vec![Described { name: "copy".to_owned(), type_oid: TEXT, table_oid: 0, attribute: 0 }]
}

/// The columns before the catalog was asked: the usual types have the names they have everywhere.
pub(super) fn at_first(described: &[Described]) -> Vec<QueryColumn> {
    let column = |column: &Described| {
        let known = USUAL.iter().find(|(oid, _, _)| *oid == column.type_oid);
        QueryColumn {
            name: column.name.clone(),
            type_name: known.map_or_else(String::new, |(_, name, _)| (*name).to_owned()),
            kind: known.map_or(ColumnKind::Other, |(_, _, kind)| *kind),
            table: None,
            column: None,
        }
    };
    described.iter().map(column).collect()
}

/// Whether the catalog has more to say.
pub(super) fn is_plain(described: &[Described]) -> bool {
    let usual = |column: &Described| USUAL.iter().any(|(oid, _, _)| *oid == column.type_oid);
    described.iter().all(|column| column.table_oid == 0 && usual(column))
}

/// The columns with their types by name, and where they come from.
pub(super) async fn from_catalog(
    executor: impl PgExecutor<'_>,
    described: &[Described],
) -> Result<Vec<QueryColumn>> {
    let types: Vec<i64> = described.iter().map(|column| column.type_oid.into()).collect();
    let tables: Vec<i64> = described.iter().map(|column| column.table_oid.into()).collect();
    let attributes: Vec<i32> = described.iter().map(|column| column.attribute.into()).collect();
    let found: Vec<Found> = sqlx::query_as(include_str!("column.sql"))
        .persistent(false)
        .bind(types)
        .bind(tables)
        .bind(attributes)
        .fetch_all(executor)
        .await?;
    Ok(described.iter().zip(found).map(|(column, found)| found.named(&column.name)).collect())
}

/// The same by the session itself: only there can types be seen that its open transaction made.
pub(super) async fn from_session(
    session: &mut PgConnection,
    described: &[Described],
) -> Result<Vec<QueryColumn>> {
    from_catalog(session, described).await
}

impl Found {
    fn named(self, name: &str) -> QueryColumn {
        let table = self.table_schema.zip(self.table_name);
        QueryColumn {
            name: name.to_owned(),
            kind: kind(self.base_oid.unwrap_or(0), self.category.as_deref().unwrap_or("")),
            // An oid that no type has (any more) is shown as the server shows it.
            type_name: self.type_name.unwrap_or_default(),
            table: table.map(|(schema, name)| TableName::new(schema, name)),
            column: self.column_name,
        }
    }
}

fn kind(base: i64, category: &str) -> ColumnKind {
    let usual = USUAL.iter().find(|(oid, _, _)| i64::from(*oid) == base);
    match usual {
        Some((_, _, kind)) => *kind,
        None if category == "S" => ColumnKind::Text,
        None => ColumnKind::Other,
    }
}

/// The type text.
const TEXT: u32 = 25;

/// Types whose oids are fixed (`pg_type.dat`), as `format_type` names them without a modifier.
const USUAL: &[(u32, &str, ColumnKind)] = &[
    (16, "boolean", ColumnKind::Boolean),
    (17, "bytea", ColumnKind::Binary),
    (19, "name", ColumnKind::Text),
    (20, "bigint", ColumnKind::Number),
    (21, "smallint", ColumnKind::Number),
    (23, "integer", ColumnKind::Number),
    (25, "text", ColumnKind::Text),
    (26, "oid", ColumnKind::Number),
    (114, "json", ColumnKind::Json),
    (700, "real", ColumnKind::Number),
    (701, "double precision", ColumnKind::Number),
    (1082, "date", ColumnKind::Timestamp),
    (1114, "timestamp without time zone", ColumnKind::Timestamp),
    (1184, "timestamp with time zone", ColumnKind::Timestamptz),
    (1700, "numeric", ColumnKind::Number),
    (2950, "uuid", ColumnKind::Other),
    (3802, "jsonb", ColumnKind::Json),
];
