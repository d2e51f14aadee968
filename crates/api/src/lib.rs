//! The one facade of Evaldesk.
//!
//! A [`Session`] is what a host (desktop, command line, another program) holds. [`command_table!`] is the one list of
//! commands; each host expands it: [`dispatch`] here, Tauri wrappers in the plugin, the TypeScript map in
//! [`typescript`], and `evaldesk call` on the command line. The wire speaks JSON; errors are [`ErrorReport`].

mod dispatch;
mod events;
pub mod host;
mod local;
mod session;
mod table;

pub mod commands;
pub mod typescript;

pub use dispatch::{COMMANDS, CommandKind, CommandSpec, dispatch, open_stream};
pub use evaldesk_charts as charts;
pub use evaldesk_core as core;
pub use evaldesk_core::error::ErrorReport;
pub use events::SessionEvent;
pub use local::{LOCAL_ID, LocalSettings, watch_local};
pub use session::{ItemStream, MigrationWishes, Session, SessionBuilder};

/// The result of every command.
pub type Result<T> = std::result::Result<T, ErrorReport>;
