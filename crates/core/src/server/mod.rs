//! The server itself: its version, the client tools that fit it, and the private local server.

mod version;

pub use version::{OLDEST_MAJOR, ServerVersion, Support};
