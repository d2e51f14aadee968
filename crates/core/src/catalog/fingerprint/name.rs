//! The name of an object, bare in the home schema: so the same schema reads alike wherever it was put.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ident::{Ident, QualifiedName};

/// A name, with its schema where that is not the home one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::FromRow)]
pub struct ObjectName {
    pub schema: Option<String>,
    pub name: String,
}

impl ObjectName {
    /// A name in the home schema.
    pub fn home(name: impl Into<String>) -> Self {
        Self { schema: None, name: name.into() }
    }

    /// The quoted form for statements; bare, it resolves where the migrations' own names do.
    pub fn quoted(&self) -> String {
        match &self.schema {
            Some(schema) => QualifiedName::new(schema, &self.name).to_string(),
            None => Ident::new(&self.name).to_string(),
        }
    }

    /// Another object of the same schema.
    #[must_use]
    pub fn sibling(&self, name: &str) -> Self {
        Self { schema: self.schema.clone(), name: name.to_owned() }
    }
}

impl fmt::Display for ObjectName {
    /// For messages and the canonical form; statements take `quoted()`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}
