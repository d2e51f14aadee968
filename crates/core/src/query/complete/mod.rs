//! What may stand at the cursor: computed here from the catalog and the text, for every host alike.
//!
//! The text is read by its tokens (`context`, `scope`), since what is being typed rarely parses. The catalog is kept
//! for each connection (`index`): names of relations and functions at once, columns and keys of the relations that a
//! text names when it names them. It is read through the pool with short limits, never by a tab's session.

mod candidates;
mod catalog;
mod context;
mod index;
mod keyword;
mod paths;
mod rank;
mod scope;
#[cfg(test)]
mod tests;
mod words;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::offset::{byte_at, units_before};
use crate::Result;
use crate::connection::Database;
use context::Context;

pub use index::QueryCompleter;

/// No more candidates than these are proposed.
pub const MOST_CANDIDATES: usize = 200;

/// What may stand at a place; offsets are UTF-16 units from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryCompletion {
    /// What is replaced begins here,
    pub from: u32,
    /// and ends here.
    pub to: u32,
    /// The likeliest first, at most 200.
    pub candidates: Vec<QueryCandidate>,
}

/// One proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryCandidate {
    /// What is shown.
    pub label: String,
    /// "column", "table", "view", "function", "schema", "alias", "keyword", "path" or "join".
    pub kind: String,
    /// A column's type, a table's schema, a function's arguments.
    pub detail: Option<String>,
    /// What is written, quoted where it must be.
    pub insert: String,
}

impl QueryCompleter {
    /// Proposes what may stand at a place of a text.
    ///
    /// # Errors
    /// When the catalog cannot be read at all. What is only slow is left out.
    pub async fn complete(&self, database: &Database, text: &str, offset: u32) -> Result<QueryCompletion> {
        let byte = byte_at(text, offset);
        let Some(context) = Context::of(text, byte) else {
            return Ok(QueryCompletion { from: offset, to: offset, candidates: Vec::new() });
        };
        let index = self.index(database).await?;
        let known = index.know(database, &context.relations()).await;
        let mut found = candidates::all(&context, &index, &known);
        if let Some(path) = context.path() {
            found.extend(paths::all(database, &index, &known, &context, path).await);
        }
        Ok(QueryCompletion {
            from: units_before(text, context.from),
            to: units_before(text, context.to),
            candidates: rank::best(found, &context.typed),
        })
    }
}
