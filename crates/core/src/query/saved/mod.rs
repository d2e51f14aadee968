//! Saved queries: `.sql` files in a folder that may be in git, and a starter set that is compiled in.
//!
//! The folder is its user's: other programs write it too, so a file that changed meanwhile is a conflict and never
//! overwritten, and nothing outside of the folder is read or written, symlinks included.

mod file;
mod folder;
mod front;
mod place;
mod starter;
#[cfg(test)]
mod tests;
mod walk;

pub use file::{QueryFile, QueryFileParameter, QueryFileText, ServerRange};
pub use folder::QueryFolder;
pub use starter::{STARTER, is_starter, starter, starter_files};
