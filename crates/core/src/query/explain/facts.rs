//! What the catalog and the session know of a plan's tables: the evidence beside the plan.

use serde::Deserialize;
use sqlx::{FromRow, PgConnection};

use super::plan::{ExplainNode, ExplainPlan};
use crate::Result;

/// Settings that the rules reason with.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub(super) struct Settings {
    pub(super) block_size: i64,
    /// Bytes.
    pub(super) work_mem: i64,
    /// A hash may take so many times `work_mem`.
    pub(super) hash_mem_multiplier: f64,
    pub(super) random_page_cost: f64,
    pub(super) seq_page_cost: f64,
    /// `min_parallel_table_scan_size` in bytes: below it a table is too small even to be shared out.
    pub(super) parallel_scan_bytes: i64,
    /// The schema that HypoPG is in, where it is installed.
    pub(super) hypopg: Option<String>,
}

impl Settings {
    pub(super) async fn read(session: &mut PgConnection) -> Result<Self> {
        Ok(sqlx::query_as(include_str!("settings.sql")).persistent(false).fetch_one(session).await?)
    }
}

/// A table of a plan.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    pub(super) schema: String,
    pub(super) name: String,
    /// `relkind`.
    pub(super) kind: String,
    pub(super) pages: i64,
    /// As of the last vacuum or analyze; absent where nobody has counted.
    pub(super) rows: Option<f64>,
    pub(super) bytes: i64,
    pub(super) live: Option<i64>,
    pub(super) changed_since: Option<i64>,
    pub(super) analyzed: bool,
    pub(super) vacuumed: bool,
    pub(super) visible_pages: i64,
    pub(super) columns: Vec<Column>,
    pub(super) indexes: Vec<Index>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Column {
    pub(super) name: String,
    /// As `format_type` says it.
    #[serde(rename = "type")]
    pub(super) type_name: String,
    /// Bytes, -1 where it varies.
    pub(super) width: i64,
    pub(super) average_width: Option<i64>,
    /// As in `pg_stats`: below 0 it is a share of the rows.
    pub(super) distinct: Option<f64>,
    /// How far its order is that of the table's pages, -1 to 1.
    pub(super) correlation: Option<f64>,
}

/// An index of a table.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) method: String,
    pub(super) valid: bool,
    pub(super) partial: bool,
    /// Its keys; an expression is absent.
    pub(super) columns: Option<Vec<Option<String>>>,
    pub(super) classes: Option<Vec<String>>,
    pub(super) definition: String,
}

/// The tables of a plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Tables(Vec<Table>);

#[derive(FromRow)]
struct Row {
    schema: String,
    name: String,
    kind: String,
    pages: i64,
    rows: Option<f64>,
    bytes: i64,
    live: Option<i64>,
    changed_since: Option<i64>,
    analyzed: bool,
    vacuumed: bool,
    visible_pages: i64,
    columns: String,
    indexes: String,
}

impl Tables {
    /// Reads what is known of every table that the plan names.
    pub(super) async fn read(session: &mut PgConnection, plan: &ExplainPlan) -> Result<Self> {
        let mut names: Vec<(String, String)> = plan.nodes.iter().filter_map(named).collect();
        names.sort();
        names.dedup();
        let (schemas, tables): (Vec<String>, Vec<String>) = names.into_iter().unzip();
        let read = sqlx::query_as(include_str!("facts.sql")).persistent(false).bind(schemas).bind(tables);
        let rows: Vec<Row> = read.fetch_all(session).await?;
        Ok(Self(rows.into_iter().map(Table::of).collect::<Result<_>>()?))
    }

    /// The table that a node reads.
    pub(super) fn of_node(&self, node: &ExplainNode) -> Option<&Table> {
        let (schema, name) = named(node)?;
        self.0.iter().find(|table| table.schema == schema && table.name == name)
    }
}

fn named(node: &ExplainNode) -> Option<(String, String)> {
    Some((node.schema.clone()?, node.relation.clone()?))
}

impl Table {
    fn of(row: Row) -> Result<Self> {
        Ok(Self {
            columns: serde_json::from_str(&row.columns)?,
            indexes: serde_json::from_str(&row.indexes)?,
            schema: row.schema,
            name: row.name,
            kind: row.kind,
            pages: row.pages,
            rows: row.rows,
            bytes: row.bytes,
            live: row.live,
            changed_since: row.changed_since,
            analyzed: row.analyzed,
            vacuumed: row.vacuumed,
            visible_pages: row.visible_pages,
        })
    }

    /// A column by its name.
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column that a key of an index begins with: `"at"`, `"at" desc`.
    pub(super) fn column_of(&self, key: &str) -> Option<&Column> {
        let name = |column: &Column| crate::Ident::new(&column.name).to_string();
        let rest = |column: &Column| key.strip_prefix(&name(column)).map(str::to_owned);
        self.columns
            .iter()
            .find(|column| rest(column).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
    }

    /// Its name as SQL takes it.
    pub(super) fn qualified(&self) -> crate::QualifiedName {
        crate::QualifiedName::new(&self.schema, &self.name)
    }

    /// Its bytes, not below 0.
    pub(super) fn size(&self) -> u64 {
        u64::try_from(self.bytes).unwrap_or_default()
    }

    /// Whether it is too small to be shared out among workers: so small that a sequential scan is no trouble.
    pub(super) fn is_small(&self, settings: &Settings) -> bool {
        self.bytes < settings.parallel_scan_bytes
    }
}
