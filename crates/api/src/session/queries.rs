//! The tabs of the query workbench that this session holds.

use std::sync::Arc;

use evaldesk_core::query::{QuerySession, QueryTabs};

use super::Session;

impl Session {
    /// All tabs with their results. Results that do not fit into memory go on in `results` of the data folder.
    pub fn queries(&self) -> &QueryTabs {
        &self.0.queries
    }

    /// A tab by its id; a new id makes a new tab, which connects with its first run.
    pub fn query_tab(&self, tab: &str) -> Arc<QuerySession> {
        self.queries().tab(tab)
    }
}
