//! The text of the query tabs, kept as it is typed: what a `kill -9`, a power loss or another window must not take away.
//!
//! One append-only journal a tab (`journal`), in a folder that all windows and processes share under one lock
//! (`store`). A save that was answered is on disk. Nothing here connects or runs anything: a draft is text.

mod change;
mod journal;
mod store;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use store::DraftStore;

/// A text longer than this many bytes is not journalled; the save says so.
pub const LONGEST_DRAFT: usize = 16 * 1024 * 1024;

/// A tab of the query workbench, as it is restored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryDraft {
    /// The tab's id: letters, digits, `-` and `_`, at most 64.
    pub tab: String,
    /// The id of the connection that the tab belongs to for life; empty where none was chosen yet.
    pub connection: String,
    pub title: String,
    pub text: String,
    /// Where the cursor stands, in UTF-16 code units.
    pub cursor: u32,
    /// The saved query that the tab was opened from or saved to.
    #[serde(default)]
    pub file: Option<String>,
    /// The revision that was restored or saved last; 0 for a new tab. The answer to a save has the next one.
    pub revision: u32,
    /// Only in a list: what could not be restored of this tab, and where the damaged file is.
    #[serde(default)]
    #[ts(optional)]
    pub notice: Option<String>,
}

/// What became of a save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryDraftSaved {
    /// The tab that was saved to: another one where the tab had been changed by another window meanwhile.
    pub tab: String,
    /// To be sent with the next save.
    pub revision: u32,
    /// Another window or program has saved this tab since; both texts are kept, this one as a tab of its own.
    pub forked: bool,
}
