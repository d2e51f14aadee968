//! The server itself: its version, its programs, and the private local server.

pub mod local;
pub mod process;
pub mod tools;
mod version;

pub use version::{OLDEST_MAJOR, ServerVersion, Support};
