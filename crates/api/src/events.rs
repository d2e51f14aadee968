//! What a session tells its windows without being asked.

use evaldesk_core::job::JobRecord;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something changed that a window may be showing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SessionEvent {
    /// A job began, moved or ended.
    Job { job: Box<JobRecord> },
    /// Saved connections changed, here or in another program.
    Connections,
    /// The listener fell behind and missed some: read the lists again.
    Missed,
}
