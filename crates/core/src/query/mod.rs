//! The query workbench.

pub mod draft;
pub mod history;
mod settings;

pub use settings::QuerySettings;
