//! Long actions: an id, progress, cancel that reaches the server, an outcome, and a journal that outlives a crash.

mod context;
mod journal;
mod record;
mod registry;

pub use context::JobContext;
pub use record::{JobFailure, JobRecord, JobState, Progress};
pub use registry::{JobRegistry, JobRequest, OnChange};
