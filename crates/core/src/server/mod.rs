//! The server itself: its version, running its programs, and the private local server.

pub mod local;
pub mod process;
mod version;

pub use version::{OLDEST_MAJOR, ServerVersion, Support};
