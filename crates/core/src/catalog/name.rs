//! A table's name on the wire.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ident::QualifiedName;

/// A schema and a table in it, exactly as the catalog spells them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TableName {
    pub schema: String,
    pub name: String,
}

impl TableName {
    /// Takes both parts exactly as the catalog spells them.
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self { schema: schema.into(), name: name.into() }
    }

    /// The quoted form for statements.
    pub fn qualified(&self) -> QualifiedName {
        QualifiedName::new(&self.schema, &self.name)
    }
}

impl std::fmt::Display for TableName {
    /// For messages; statements take `qualified()`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}
