//! What a snapshot holds. Letters of the catalog stay as they are: a newer server's pass through.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::ObjectName;

/// The schema of a database at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaSnapshot {
    /// The server's major version.
    pub major: u32,
    /// Tables, partitioned and foreign ones, partitions, and materialised views for their columns and indexes.
    pub tables: Vec<Table>,
    pub views: Vec<View>,
    pub routines: Vec<Routine>,
    pub types: Vec<UserType>,
    pub sequences: Vec<Sequence>,
    pub extensions: Vec<Extension>,
    /// The migration tools that keep house in the database, "rails" among them.
    pub tools: Vec<String>,
}

/// A table or something like one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub name: ObjectName,
    /// `relkind`: r, p (partitioned), f (foreign), m (materialised view).
    pub kind: String,
    /// `relpersistence`: p, u (unlogged).
    pub persistence: String,
    /// Storage parameters, in order.
    pub options: Vec<String>,
    /// Where it is not heap.
    pub access_method: Option<String>,
    /// "RANGE (created_at)".
    pub partition_key: Option<String>,
    /// What it is a partition, or by inheritance a child, of.
    pub partition_of: Option<PartitionOf>,
    pub row_security: bool,
    pub forced_row_security: bool,
    pub columns: Vec<Column>,
    pub indexes: Vec<Index>,
    pub constraints: Vec<Constraint>,
    pub triggers: Vec<Trigger>,
    pub policies: Vec<Policy>,
    pub statistics: Vec<Statistics>,
}

/// Where a partition belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionOf {
    pub parent: ObjectName,
    /// "FOR VALUES ..." or "DEFAULT"; none where it is a child by inheritance.
    pub bound: Option<String>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct Column {
    pub name: String,
    /// From 1, without the gaps of dropped columns.
    pub place: i32,
    /// With its modifier: "character varying(20)".
    pub type_name: String,
    pub not_null: bool,
    /// The constraint by which NOT NULL was added without looking at the rows (18 and later).
    pub unchecked_not_null: Option<String>,
    pub default_value: Option<String>,
    /// Whether the default is the next number of a sequence that this column owns: a serial.
    pub draws_from_its_sequence: bool,
    /// `attidentity`: a (always), d (by default).
    pub identity: Option<String>,
    /// `attgenerated`: s (stored), v (virtual).
    pub generated: Option<String>,
    /// The expression of a generated column.
    pub generation: Option<String>,
    /// Where it is not the type's own.
    pub collation: Option<String>,
}

/// An index; one attached to the index of a parent is not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct Index {
    pub name: String,
    pub method: String,
    /// Columns or expressions, with operator class, collation and order where they are not the default.
    pub keys: Vec<String>,
    pub included: Vec<String>,
    pub predicate: Option<String>,
    pub options: Vec<String>,
    #[sqlx(rename = "is_unique")]
    pub unique: bool,
    pub nulls_not_distinct: bool,
    /// False after a concurrent build that broke off, and while a partition's index is still missing.
    #[sqlx(rename = "is_valid")]
    pub valid: bool,
    pub on_partitioned: bool,
    /// The constraint it stands for.
    pub of_constraint: Option<String>,
}

/// A key, a foreign key, a check or an exclusion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    pub name: String,
    /// `contype`: p, u, f, c, x.
    pub kind: String,
    pub columns: Vec<String>,
    /// The table that a foreign key points at.
    pub target: Option<ObjectName>,
    pub target_columns: Vec<String>,
    /// As the server prints it, without name and without NOT VALID.
    pub definition: String,
    pub valid: bool,
}

/// A trigger that somebody made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct Trigger {
    pub name: String,
    pub definition: String,
    /// `tgenabled`: O, D (disabled), R, A.
    pub enabled: String,
}

/// A policy of row security.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct Policy {
    pub name: String,
    /// One that lets in, rather than one that holds back.
    pub permissive: bool,
    /// "all", "select", "insert", "update", "delete".
    pub command: String,
    /// Quoted where they have to be; "public" is everybody.
    pub roles: Vec<String>,
    /// Which rows are there for them.
    pub sees: Option<String>,
    /// Which rows they may write.
    pub writes: Option<String>,
}

/// Statistics over several columns, or over expressions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct Statistics {
    pub name: String,
    /// Its schema, where that is not its table's.
    pub elsewhere: Option<String>,
    /// As the server prints it between the name and the table: "(ndistinct) ON a, b".
    pub definition: String,
    /// How many values are kept, where it is not what the columns say (13 and later).
    pub target: Option<i32>,
}

/// A view or a materialised one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct View {
    #[sqlx(flatten)]
    pub name: ObjectName,
    /// `relkind`: v or m.
    pub kind: String,
    pub options: Vec<String>,
    /// The query as the server prints it.
    pub definition: String,
    /// The query in a form that every version prints alike.
    pub plain: String,
}

/// A function, a procedure or an aggregate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct Routine {
    #[sqlx(flatten)]
    pub name: ObjectName,
    /// `prokind`: f, p, a, w.
    pub kind: String,
    /// The arguments that tell it from others of its name.
    pub arguments: String,
    pub signature: String,
    /// Language, volatility and settings.
    pub properties: String,
    /// SHA-256 of the body.
    pub source_hash: String,
    /// The statement that makes it; none for an aggregate.
    pub definition: Option<String>,
}

/// An enum, a domain, a composite type or a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct UserType {
    #[sqlx(flatten)]
    pub name: ObjectName,
    /// `typtype`: e, d, c, r.
    pub kind: String,
    /// The labels of an enum, in order.
    pub labels: Vec<String>,
    pub definition: String,
}

/// A sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    pub name: ObjectName,
    pub facts: SequenceFacts,
    /// The table and the column that own it.
    pub owner: Option<(ObjectName, String)>,
}

/// How a sequence counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct SequenceFacts {
    pub type_name: String,
    pub start_value: i64,
    pub step: i64,
    pub least: i64,
    pub greatest: i64,
    pub cache: i64,
    pub cycles: bool,
}

/// An extension. Its version is the server's affair and does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct Extension {
    pub name: String,
    pub version: String,
    pub schema: String,
}

impl SchemaSnapshot {
    /// The table of a name.
    pub fn table(&self, name: &ObjectName) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == *name)
    }

    /// The schemas that its objects lie in, the home one left out.
    pub fn schemas(&self) -> Vec<String> {
        let tables = self.tables.iter().map(|table| &table.name);
        let views = self.views.iter().map(|view| &view.name);
        let others = self.routines.iter().map(|it| &it.name).chain(self.types.iter().map(|it| &it.name));
        let names = tables.chain(views).chain(others).chain(self.sequences.iter().map(|it| &it.name));
        let mut schemas: Vec<String> = names.filter_map(|name| name.schema.clone()).collect();
        schemas.sort();
        schemas.dedup();
        schemas
    }

    /// Whether Rails keeps house here.
    pub fn has_rails(&self) -> bool {
        self.tools.iter().any(|tool| tool == "rails")
    }
}

impl Table {
    /// Whether it is a partition, which comes and goes with time and not with migrations.
    pub fn is_partition(&self) -> bool {
        self.partition_of.as_ref().is_some_and(|of| of.bound.is_some())
    }

    /// The column of a name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}
